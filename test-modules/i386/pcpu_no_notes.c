/* pcpu_no_notes - while it is loaded there are no crash_notes, as if there had
 * been no memory for them at boot */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
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

module_init(no_notes_init);
module_exit(no_notes_exit);
MODULE_LICENSE("GPL");
