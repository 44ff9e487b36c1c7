#ifndef _STANDIN_LINUX_SEQ_FILE_H
#define _STANDIN_LINUX_SEQ_FILE_H
#include <linux/debugfs.h>

struct seq_file;

extern int seq_printf(struct seq_file *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
extern int single_open(struct file *file,
		       int (*show)(struct seq_file *, void *), void *data);
extern int single_release(struct inode *inode, struct file *file);
extern long seq_read(struct file *file, char *buf, size_t size, long *pos);
extern long seq_lseek(struct file *file, long offset, int whence);

#endif
