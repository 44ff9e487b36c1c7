#pragma once

#define flush_cache_vmap(start, end)	((void)(start), (void)(end))
#define flush_cache_vunmap(start, end)	((void)(start), (void)(end))
