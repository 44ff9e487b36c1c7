/*
 * debugfs and seq_file, as far as mm/percpu_vm_debug.c uses them: files are
 * kept by name, and read by pieces as a program would, a page at a time.
 */
#include <linux/kernel.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/errno.h>

#ifndef STANDIN_SHOWN
#define STANDIN_SHOWN	65536
#endif
#define PIECE		4096

static struct {
	const char *name;
	void *what;
} files[8];

void (*standin_between_reads)(void);
static char shown[STANDIN_SHOWN];

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
	size_t used = 0;
	loff_t pos = 0;
	long got;

	if (fops->open(NULL, &file))
		return NULL;
	while ((got = fops->read(&file, shown + used, sizeof(shown) - used,
				 &pos)) > 0) {
		used += got;
		if (standin_between_reads)
			standin_between_reads();
	}
	if (got < 0 || used >= sizeof(shown))
		panic("cannot read %s in debugfs\n", name);
	shown[used] = 0;
	fops->release(NULL, &file);
	return shown;
}

int seq_open(struct file *file, struct seq_operations *op)
{
	struct seq_file *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return -ENOMEM;
	memset(m, 0, sizeof(*m));
	m->op = op;
	file->private_data = m;
	return 0;
}

int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->private);
	kfree(m);
	return 0;
}

static char *piece;		/* what is being read, and its room */
static size_t piece_size;

/* Records until there is a page of them; the index is that of the next. */
long seq_read(struct file *file, char *buf, size_t size, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	loff_t pos = m->index;
	void *v;

	piece = buf;
	piece_size = size;
	m->count = 0;
	for (v = m->op->start(m, &pos); v && m->count < PIECE;
	     v = m->op->next(m, v, &pos)) {
		if (m->op->show(m, v))
			return -EINVAL;
		m->index = pos + 1;
	}
	m->op->stop(m, v);
	*ppos += m->count;
	return m->count;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	return -EINVAL;
}

int seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->count += vsnprintf(piece + m->count, piece_size - m->count, fmt,
			      args);
	va_end(args);
	if (m->count >= piece_size)
		panic("debugfs file too long\n");
	return 0;
}
