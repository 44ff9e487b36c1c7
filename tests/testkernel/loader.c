/*
 * Loads relocatable objects as kernel/module.c does, with per-CPU data in the
 * window: reserve, resolve symbols of .data.percpu to link addresses,
 * relocate everything that is kept (its per-CPU data too), copy the result
 * to every possible CPU, call init_module().
 */
#include <elf.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/list.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "kernel.h"

#define MAX_SECTIONS	64
#define MODULE_SPACE	(64 << 10)
#define IMAGE_SPACE	(2500 << 10)

struct module {
	char name[64];
	int loaded;
	void *percpu;
	char *text;			/* MODULE_SPACE bytes */
	Elf32_Shdr *sections;		/* these point into the image */
	Elf32_Sym *symbols;
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
	Elf32_Sym *sym;

	for (sym = mod->symbols; sym < mod->symbols + mod->nr_symbols; sym++)
		if (sym->st_shndx && sym->st_shndx < MAX_SECTIONS &&
		    !strcmp(mod->strings + sym->st_name, name))
			return (void *)(mod->sections[sym->st_shndx].sh_addr +
					sym->st_value);
	return NULL;
}

static int symbol_value(struct module *mod, Elf32_Sym *sym, u32 *value)
{
	const char *name = mod->strings + sym->st_name;

	if (sym->st_shndx == SHN_ABS) {
		*value = sym->st_value;
	} else if (sym->st_shndx) {
		*value = mod->sections[sym->st_shndx].sh_addr + sym->st_value;
	} else {
		*value = (u32)find_kernel_symbol(name);
		if (!*value) {
			printk("%s: Unknown symbol %s\n", mod->name, name);
			return -ENOENT;
		}
	}
	return 0;
}

static int relocate(struct module *mod, Elf32_Shdr *rels, void *image)
{
	Elf32_Rel *rel = image + rels->sh_offset;
	Elf32_Rel *end = (void *)rel + rels->sh_size;
	char *where = image + mod->sections[rels->sh_info].sh_offset;
	u32 value, base = mod->sections[rels->sh_info].sh_addr, *place;
	int err;

	/* Kept sections were copied already, per-CPU data is still in @image */
	if (mod->sections[rels->sh_info].sh_flags & SHF_ALLOC)
		where = (char *)base;
	for (; rel < end; rel++) {
		place = (u32 *)(where + rel->r_offset);
		err = symbol_value(mod, mod->symbols +
				   ELF32_R_SYM(rel->r_info), &value);
		if (err)
			return err;
		switch (ELF32_R_TYPE(rel->r_info)) {
		case R_386_PC32:
		case R_386_PLT32:
			*place += value - (u32)place;
			break;
		case R_386_32:
			*place += value;
			break;
		default:
			printk("%s: relocation type %u\n", mod->name,
			       ELF32_R_TYPE(rel->r_info));
			return -ENOEXEC;
		}
	}
	return 0;
}

static int load(struct module *mod, void *image)
{
	Elf32_Ehdr *hdr = image;
	Elf32_Shdr *sec, *sections = image + hdr->e_shoff;
	const char *names;
	u32 used = 0, percpu = 0, exports_size = 0;
	int i, err;

	if (memcmp(hdr->e_ident, ELFMAG, SELFMAG) || hdr->e_type != ET_REL ||
	    hdr->e_machine != EM_386 || hdr->e_shnum > MAX_SECTIONS)
		return -ENOEXEC;
	names = image + sections[hdr->e_shstrndx].sh_offset;
	mod->sections = sections;

	for (i = 1; i < hdr->e_shnum; i++) {
		sec = &sections[i];
		if (sec->sh_type == SHT_SYMTAB) {
			mod->symbols = image + sec->sh_offset;
			mod->nr_symbols = sec->sh_size / sizeof(*mod->symbols);
			mod->strings = image + sections[sec->sh_link].sh_offset;
		}
		if (!(sec->sh_flags & SHF_ALLOC))
			continue;
		if (!strcmp(names + sec->sh_name, ".data.percpu")) {
			percpu = i;
			continue;
		}
		used = ALIGN(used, sec->sh_addralign ? sec->sh_addralign : 1);
		if (used + sec->sh_size > MODULE_SPACE)
			return -ENOMEM;
		sec->sh_addr = (u32)mod->text + used;
		if (sec->sh_type == SHT_NOBITS)
			memset((void *)sec->sh_addr, 0, sec->sh_size);
		else
			memcpy((void *)sec->sh_addr, image + sec->sh_offset,
			       sec->sh_size);
		used += sec->sh_size;
		if (!strcmp(names + sec->sh_name, "ksymtab")) {
			mod->exports = (void *)sec->sh_addr;
			exports_size = sec->sh_size;
		}
	}
	mod->exports_end = (void *)mod->exports + exports_size;

	if (percpu) {
		sec = &sections[percpu];
		mod->percpu = percpu_vm_alloc(sec->sh_size, sec->sh_addralign,
					      mod->name);
		if (IS_ERR(mod->percpu)) {
			err = PTR_ERR(mod->percpu);
			mod->percpu = NULL;
			return err;
		}
		sec->sh_addr = (u32)mod->percpu;
		sec->sh_flags &= ~SHF_ALLOC;
	}

	for (i = 1; i < hdr->e_shnum; i++) {
		sec = &sections[i];
		if (sec->sh_type != SHT_REL)
			continue;
		/* Debug information is not kept; per-CPU data is. */
		if (!(sections[sec->sh_info].sh_flags & SHF_ALLOC) &&
		    sec->sh_info != percpu)
			continue;
		err = relocate(mod, sec, image);
		if (err)
			return err;
	}
	if (percpu)
		percpu_modcopy(mod->percpu, image + sections[percpu].sh_offset,
			       sections[percpu].sh_size);
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
