/*
 * Loads relocatable objects as kernel/module.c does, with per-CPU data in the
 * window: reserve, resolve symbols of .data.percpu to link addresses,
 * relocate everything that is kept (its per-CPU data too), copy the result
 * to every possible CPU, call init_module().
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/list.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "kernel.h"

struct elf_header {
	u8 ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_section {
	u32 name, type, flags, addr, offset, size, link, info, align, entsize;
};

struct elf_symbol {
	u32 name, value, size;
	u8 info, other;
	u16 shndx;
};

struct elf_rel {
	u32 offset, info;
};

#define ET_REL		1
#define EM_386		3
#define SHT_SYMTAB	2
#define SHT_NOBITS	8
#define SHT_REL		9
#define SHF_ALLOC	2
#define SHN_ABS		0xfff1
#define R_386_32	1
#define R_386_PC32	2
#define R_386_PLT32	4

#define MAX_SECTIONS	64
#define MODULE_SPACE	(64 << 10)
#define IMAGE_SPACE	(2500 << 10)

struct module {
	char name[64];
	int loaded;
	void *percpu;
	char *text;			/* MODULE_SPACE bytes */
	struct elf_section *sections;	/* these point into the image */
	struct elf_symbol *symbols;
	u32 nr_symbols;
	const char *strings;
	const struct standin_export *exports, *exports_end;
};

static struct module modules[8];
static char space[ARRAY_SIZE(modules)][MODULE_SPACE]
	__attribute__((aligned(4096)));
/* Loading writes to the image: a copy, so that it can be loaded again. */
static char images[ARRAY_SIZE(modules)][IMAGE_SPACE]
	__attribute__((aligned(16)));

extern const struct standin_export __start_ksymtab[], __stop_ksymtab[];

static struct module *find_module(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modules); i++)
		if (modules[i].loaded && !strcmp(modules[i].name, name))
			return &modules[i];
	return NULL;
}

static void *find_export(const char *name, const struct standin_export *s,
			 const struct standin_export *end)
{
	for (; s < end; s++)
		if (!strcmp(s->name, name))
			return s->addr;
	return NULL;
}

static void *find_kernel_symbol(const char *name)
{
	void *addr = find_export(name, __start_ksymtab, __stop_ksymtab);
	unsigned int i;

	for (i = 0; !addr && i < ARRAY_SIZE(modules); i++)
		if (modules[i].loaded)
			addr = find_export(name, modules[i].exports,
					   modules[i].exports_end);
	return addr;
}

/* The address of a symbol that the module itself defines, or NULL. */
static void *own_symbol(struct module *mod, const char *name)
{
	struct elf_symbol *sym;

	for (sym = mod->symbols; sym < mod->symbols + mod->nr_symbols; sym++)
		if (sym->shndx && sym->shndx < MAX_SECTIONS &&
		    !strcmp(mod->strings + sym->name, name))
			return (void *)(mod->sections[sym->shndx].addr +
					sym->value);
	return NULL;
}

void *module_symbol(const char *name)
{
	void *addr = NULL;
	unsigned int i;

	for (i = 0; !addr && i < ARRAY_SIZE(modules); i++)
		if (modules[i].loaded)
			addr = own_symbol(&modules[i], name);
	return addr;
}

static int symbol_value(struct module *mod, struct elf_symbol *sym, u32 *value)
{
	const char *name = mod->strings + sym->name;

	if (sym->shndx == SHN_ABS) {
		*value = sym->value;
	} else if (sym->shndx) {
		*value = mod->sections[sym->shndx].addr + sym->value;
	} else {
		*value = (u32)find_kernel_symbol(name);
		if (!*value) {
			printk("%s: Unknown symbol %s\n", mod->name, name);
			return -ENOENT;
		}
	}
	return 0;
}

static int relocate(struct module *mod, struct elf_section *rels, void *image)
{
	struct elf_rel *rel = image + rels->offset;
	struct elf_rel *end = (void *)rel + rels->size;
	char *where = image + mod->sections[rels->info].offset;
	u32 value, base = mod->sections[rels->info].addr, *place;
	int err;

	/* Kept sections were copied already, per-CPU data is still in @image */
	if (mod->sections[rels->info].flags & SHF_ALLOC)
		where = (char *)base;
	for (; rel < end; rel++) {
		place = (u32 *)(where + rel->offset);
		err = symbol_value(mod, &mod->symbols[rel->info >> 8], &value);
		if (err)
			return err;
		switch (rel->info & 0xff) {
		case R_386_PC32:
		case R_386_PLT32:
			*place += value - (u32)place;
			break;
		case R_386_32:
			*place += value;
			break;
		default:
			printk("%s: relocation type %u\n", mod->name,
			       rel->info & 0xff);
			return -ENOEXEC;
		}
	}
	return 0;
}

static int load(struct module *mod, void *image)
{
	struct elf_header *hdr = image;
	struct elf_section *sec, *sections = image + hdr->shoff;
	const char *names;
	u32 used = 0, percpu = 0, exports_size = 0;
	int i, err;

	if (memcmp(hdr->ident, "\177ELF", 4) || hdr->type != ET_REL ||
	    hdr->machine != EM_386 || hdr->shnum > MAX_SECTIONS)
		return -ENOEXEC;
	names = image + sections[hdr->shstrndx].offset;
	mod->sections = sections;

	for (i = 1; i < hdr->shnum; i++) {
		sec = &sections[i];
		if (sec->type == SHT_SYMTAB) {
			mod->symbols = image + sec->offset;
			mod->nr_symbols = sec->size / sizeof(*mod->symbols);
			mod->strings = image + sections[sec->link].offset;
		}
		if (!(sec->flags & SHF_ALLOC))
			continue;
		if (!strcmp(names + sec->name, ".data.percpu")) {
			percpu = i;
			continue;
		}
		used = ALIGN(used, sec->align ? sec->align : 1);
		if (used + sec->size > MODULE_SPACE)
			return -ENOMEM;
		sec->addr = (u32)mod->text + used;
		if (sec->type == SHT_NOBITS)
			memset((void *)sec->addr, 0, sec->size);
		else
			memcpy((void *)sec->addr, image + sec->offset,
			       sec->size);
		used += sec->size;
		if (!strcmp(names + sec->name, "ksymtab")) {
			mod->exports = (void *)sec->addr;
			exports_size = sec->size;
		}
	}
	mod->exports_end = (void *)mod->exports + exports_size;

	if (percpu) {
		sec = &sections[percpu];
		mod->percpu = percpu_vm_alloc(sec->size, sec->align, mod->name);
		if (IS_ERR(mod->percpu)) {
			err = PTR_ERR(mod->percpu);
			mod->percpu = NULL;
			return err;
		}
		sec->addr = (u32)mod->percpu;
		sec->flags &= ~SHF_ALLOC;
	}

	for (i = 1; i < hdr->shnum; i++) {
		sec = &sections[i];
		if (sec->type != SHT_REL)
			continue;
		/* Debug information is not kept; per-CPU data is. */
		if (!(sections[sec->info].flags & SHF_ALLOC) &&
		    sec->info != percpu)
			continue;
		err = relocate(mod, sec, image);
		if (err)
			return err;
	}
	if (percpu)
		percpu_modcopy(mod->percpu, image + sections[percpu].offset,
			       sections[percpu].size);
	return 0;
}

int insmod(const char *name)
{
	struct image *file = find_image(name);
	struct module *mod = modules;
	int (*init)(void);
	int err;
	void *image;

	if (!file) {
		printk("%s: no such module\n", name);
		return -ENOENT;
	}
	if (find_module(name))
		return -EEXIST;
	while (mod->loaded)
		if (++mod == modules + ARRAY_SIZE(modules))
			return -ENOMEM;

	if ((size_t)(file->end - file->start) > IMAGE_SPACE ||
	    strlen(name) >= sizeof(mod->name))
		return -ENOEXEC;
	image = images[mod - modules];
	memcpy(image, file->start, file->end - file->start);
	memset(mod, 0, sizeof(*mod));
	strcpy(mod->name, name);
	mod->text = space[mod - modules];

	err = load(mod, image);
	if (err)
		goto free;
	init = own_symbol(mod, "init_module");
	mod->loaded = 1;
	err = init ? init() : 0;
	if (err)
		goto free;
	return 0;

free:
	mod->loaded = 0;
	percpu_vm_free(mod->percpu);
	return err;
}

int rmmod(const char *name)
{
	struct module *mod = find_module(name);
	void (*cleanup)(void);

	if (!mod) {
		printk("%s: not loaded\n", name);
		return -ENOENT;
	}
	cleanup = own_symbol(mod, "cleanup_module");
	if (cleanup)
		cleanup();
	mod->loaded = 0;
	percpu_vm_free(mod->percpu);
	return 0;
}
