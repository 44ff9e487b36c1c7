#ifndef _STANDIN_LINUX_COMPILER_H
#define _STANDIN_LINUX_COMPILER_H

#define noinline		__attribute__((__noinline__))

#endif
