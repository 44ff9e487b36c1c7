#ifndef _STANDIN_LINUX_DEBUGFS_H
#define _STANDIN_LINUX_DEBUGFS_H
#include <linux/types.h>

struct inode;
struct dentry;
struct seq_file;
struct file {
	int (*show)(struct seq_file *m, void *unused);
};

struct file_operations {
	int (*open)(struct inode *inode, struct file *file);
	long (*read)(struct file *file, char *buf, size_t size, long *pos);
	long (*llseek)(struct file *file, long offset, int whence);
	int (*release)(struct inode *inode, struct file *file);
};

extern struct dentry *debugfs_create_dir(const char *name,
					 struct dentry *parent);
extern struct dentry *debugfs_create_file(const char *name, int mode,
					  struct dentry *parent, void *data,
					  struct file_operations *fops);
extern struct dentry *debugfs_create_u32(const char *name, int mode,
					 struct dentry *parent, u32 *value);

/* For tests: a file's contents, or the number behind it. */
extern const char *standin_debugfs_read(const char *name);
extern u32 *standin_debugfs_u32(const char *name);

#endif
