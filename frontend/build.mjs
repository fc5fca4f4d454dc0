// Bundles frontend/src into frontend/dist: app.css, app.js, charts.js, icons.svg, logo.svg.
// WhiteNoise adds the content hash to the names later, so the names here stay plain.
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const watching = process.argv.includes("--watch");

/** One <symbol> per name in icons.txt: the whole Tabler sprite would be 40 times larger. */
async function buildSprite() {
  const names = (await readFile(here("src/icons.txt"), "utf8"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(names.map(symbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(here("dist/icons.svg"), sprite);
}

async function symbol(name) {
  const [folder, file, paint] = name.endsWith("-filled")
    ? ["filled", name.slice(0, -"-filled".length), 'fill="currentColor"']
    : [
        "outline",
        name,
        'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"',
      ];
  const svg = await readFile(here(`node_modules/@tabler/icons/icons/${folder}/${file}.svg`), "utf8");
  const shapes = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none"[^>]*fill="none"\s*\/>/, "") // the invisible 24 x 24 frame
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`;
}

await mkdir(here("dist"), { recursive: true });
await buildSprite();
await copyFile(here("src/logo.svg"), here("dist/logo.svg"));

const options = {
  absWorkingDir: here("."),
  entryPoints: [
    { in: "src/js/app.js", out: "app" },
    { in: "src/app.css", out: "app" },
    { in: "src/js/charts.js", out: "charts" },
  ],
  outdir: "dist",
  bundle: true,
  minify: !watching,
  format: "esm",
  target: "es2022",
  // Tabler uses oklch() and light-dark(); lowering them would double the file.
  supported: { "color-functions": true, nesting: true },
  legalComments: "none",
  logLevel: "info",
};
if (watching) await (await context(options)).watch();
else await build(options);
