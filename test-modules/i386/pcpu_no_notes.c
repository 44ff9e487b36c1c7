/* pcpu_no_notes - while it is loaded there are no crash_notes, as if there had
 * been no memory for them at boot */
#include "test_module.h"
#include <linux/kexec.h>
#include <linux/kallsyms.h>

static note_buf_t **where, *notes;

static int __init no_notes_init(void)
{
	where = (note_buf_t **)kallsyms_lookup_name("crash_notes");
	if (!where || !*where)
		return -ENOENT;
	notes = *where;
	*where = NULL;
	return 0;
}

static void __exit no_notes_exit(void)
{
	*where = notes;
}

TEST_MODULE_EXIT(no_notes_init, no_notes_exit);
