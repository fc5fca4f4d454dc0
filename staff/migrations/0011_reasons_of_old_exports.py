"""Files of lists were ordered without a reason until now."""

from django.db import migrations


def say_so(apps, schema_editor):
    exports = apps.get_model("staff", "Export").objects
    exports.filter(reason="").update(reason="ordered before reasons were asked for")


class Migration(migrations.Migration):
    dependencies = [("staff", "0010_documents_as_exports")]
    # Back: the sentence does no harm.
    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
