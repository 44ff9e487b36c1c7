#pragma once

#include <linux/fs.h>

extern struct dentry *debugfs_create_dir(const char *name,
					 struct dentry *parent);
extern struct dentry *debugfs_create_file(const char *name, int mode,
					  struct dentry *parent, void *data,
					  struct file_operations *fops);
extern struct dentry *debugfs_create_u32(const char *name, int mode,
					 struct dentry *parent, u32 *value);

/* For tests: a file's contents, or the number it shows. */
extern const char *standin_debugfs_read(const char *name);
extern u32 *standin_debugfs_u32(const char *name);
/* Called between two reads of a file; or NULL. */
extern void (*standin_between_reads)(void);
