// Entry of every page. Each module below adds one behaviour; pages work as plain links and forms without it.
import "htmx.org/dist/htmx.esm.js";
import "@tabler/core/js/src/bootstrap/collapse";
import "@tabler/core/js/src/bootstrap/dropdown";
import "@tabler/core/js/src/bootstrap/modal";
import "@tabler/core/js/src/bootstrap/offcanvas";
import "./alerts.js";
import "./charts-loader.js";
import "./compact-bar.js";
import "./dialog.js";
import "./filters.js";
import "./search.js";
import "./keyboard.js";
import "./submit-once.js";
import "./tabs.js";
import "./toasts.js";
import "./uploads.js";
