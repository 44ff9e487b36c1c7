#ifndef _STANDIN_LINUX_CACHE_H
#define _STANDIN_LINUX_CACHE_H

#define __read_mostly

#endif
