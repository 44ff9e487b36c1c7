/*
 * mm/percpu_vm_debug.c - the per-CPU windows in debugfs
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/sched.h>
#include <linux/err.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <asm/pgtable.h>

#include "percpu_vm.h"

/* Pages mapped in a CPU's windows. */
static unsigned long percpu_vm_mapped(int cpu)
{
	unsigned long n, offset, addr, end, pages = 0;

	for (n = 0; !percpu_vm_bank_offset(n, &offset); n++) {
		addr = percpu_vm_base(cpu) + offset;
		end = addr + PERCPU_VM_SIZE;
		for (; addr < end; addr += PAGE_SIZE)
			if (!pte_none(*percpu_vm_pte(addr)))
				pages++;
		cond_resched();
	}
	return pages;
}

/* Page-table pages that hold entries of a possible CPU's windows. */
static unsigned long percpu_vm_tables(void)
{
	unsigned long n, offset, addr, end, table, seen = 0, tables = 0;
	int cpu;

	for (n = 0; !percpu_vm_bank_offset(n, &offset); n++)
		for_each_possible_cpu(cpu) {
			addr = percpu_vm_base(cpu) + offset;
			end = addr + PERCPU_VM_SIZE;
			for (; addr < end; addr += PAGE_SIZE) {
				table = (unsigned long)percpu_vm_pte(addr) &
					PAGE_MASK;
				if (table != seen)
					tables++;
				seen = table;
			}
			cond_resched();
		}
	return tables;
}

static void percpu_vm_show_totals(struct seq_file *m)
{
	struct percpu_vm_totals totals;
	int cpu;

	percpu_vm_totals(&totals);
	seq_printf(m, "link\t%p\nwindows\t%08lx\nstride\t%lu\nwindow\t%lu\n"
		   "static\t%lu %08lx\ncore\t%lu\nreserved\t%lu\nfree\t%lu\n"
		   "largest\t%lu\nflushes\t%lu\ntables\t%lu\n",
		   __per_cpu_start, PERCPU_VM_START, PERCPU_VM_STRIDE,
		   PERCPU_VM_SIZE, percpu_vm_static_size(), percpu_vm_base(0),
		   PERCPU_VM_DYNAMIC_RESERVE, totals.size - totals.free -
		   percpu_vm_static_size(), totals.free, totals.largest,
		   totals.flushes, percpu_vm_tables());
	for_each_possible_cpu(cpu) {
		seq_printf(m, "pages\tcpu%d %lu\n", cpu,
			   percpu_vm_mapped(cpu));
		cond_resched();
	}
}

/*
 * The position is 0 for the totals, and 1 more than its offset for a
 * reservation.  Nothing is locked from one to the next: each is looked up.
 */
static void *percpu_vm_layout_look(struct seq_file *m, loff_t *pos)
{
	struct percpu_vm_info *info = m->private;

	if (percpu_vm_describe(*pos - 1, info))
		return NULL;
	*pos = info->offset + 1;
	return info;
}

static void *percpu_vm_layout_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? percpu_vm_layout_look(m, pos) : SEQ_START_TOKEN;
}

static void *percpu_vm_layout_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return percpu_vm_layout_look(m, pos);
}

static void percpu_vm_layout_stop(struct seq_file *m, void *v)
{
}

static int percpu_vm_layout_show(struct seq_file *m, void *v)
{
	struct percpu_vm_info *info = v;

	if (v == SEQ_START_TOKEN)
		percpu_vm_show_totals(m);
	else if (info->kind == PERCPU_VM_END_OF_BANK)
		seq_printf(m, "bank\t%lu %lu\n", info->offset - info->size,
			   info->size);
	else
		seq_printf(m, "%s\t%lu %lu %s\n",
			   info->kind == PERCPU_VM_FREED ? "freed" : "area",
			   info->offset, info->size, info->owner);
	return 0;
}

static struct seq_operations percpu_vm_layout_ops = {
	.start	= percpu_vm_layout_start,
	.next	= percpu_vm_layout_next,
	.stop	= percpu_vm_layout_stop,
	.show	= percpu_vm_layout_show,
};

static int percpu_vm_layout_open(struct inode *inode, struct file *file)
{
	struct percpu_vm_info *info = kmalloc(sizeof(*info), GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!info)
		return -ENOMEM;
	err = seq_open(file, &percpu_vm_layout_ops);
	if (err) {
		kfree(info);
		return err;
	}
	m = file->private_data;
	m->private = info;
	return 0;
}

static struct file_operations percpu_vm_layout_fops = {
	.open		= percpu_vm_layout_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= seq_release_private,
};

static int __init percpu_vm_debugfs(void)
{
	struct dentry *dir = debugfs_create_dir("percpu_vm", NULL);

	if (!dir || IS_ERR(dir))
		return -ENODEV;
	debugfs_create_file("layout", 0400, dir, NULL,
			    &percpu_vm_layout_fops);
	debugfs_create_u32("fail_page", 0600, dir, &percpu_vm_fail_page);
	return 0;
}
__initcall(percpu_vm_debugfs);
