/*
 * debugfs and seq_file, as far as mm/percpu_vm.c uses them: files are kept by
 * name, and shown in a buffer.
 */
#include <linux/kernel.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>

static struct {
	const char *name;
	void *what;
} files[8];

static char shown[65536];
static size_t shown_used;

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return (struct dentry *)name;
}

static struct dentry *add_file(const char *name, void *what)
{
	int i;

	for (i = 0; files[i].name; i++)
		;
	files[i].name = name;
	files[i].what = what;
	return (struct dentry *)name;
}

struct dentry *debugfs_create_file(const char *name, int mode,
				   struct dentry *parent, void *data,
				   struct file_operations *fops)
{
	return add_file(name, fops);
}

struct dentry *debugfs_create_u32(const char *name, int mode,
				  struct dentry *parent, u32 *value)
{
	return add_file(name, value);
}

static void *find_file(const char *name)
{
	int i;

	for (i = 0; files[i].name; i++)
		if (!strcmp(files[i].name, name))
			return files[i].what;
	panic("no %s in debugfs\n", name);
}

u32 *standin_debugfs_u32(const char *name)
{
	return find_file(name);
}

const char *standin_debugfs_read(const char *name)
{
	struct file_operations *fops = find_file(name);
	struct file file = { NULL };

	shown_used = 0;
	if (fops->open(NULL, &file) || fops->read(&file, NULL, 0, NULL) < 0)
		panic("cannot read %s in debugfs\n", name);
	fops->release(NULL, &file);
	return shown;
}

int single_open(struct file *file, int (*show)(struct seq_file *, void *),
		void *data)
{
	file->show = show;
	return 0;
}

int single_release(struct inode *inode, struct file *file)
{
	file->show = NULL;
	return 0;
}

long seq_read(struct file *file, char *buf, size_t size, long *pos)
{
	return file->show(NULL, NULL) ? -1 : (long)shown_used;
}

long seq_lseek(struct file *file, long offset, int whence)
{
	return 0;
}

int seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	shown_used += vsnprintf(shown + shown_used, sizeof(shown) - shown_used,
				fmt, args);
	va_end(args);
	if (shown_used >= sizeof(shown))
		panic("debugfs file too long\n");
	return 0;
}
