#ifndef _STANDIN_ASM_CACHEFLUSH_H
#define _STANDIN_ASM_CACHEFLUSH_H

#define flush_cache_vmap(start, end)	((void)(start), (void)(end))
#define flush_cache_vunmap(start, end)	((void)(start), (void)(end))

#endif
