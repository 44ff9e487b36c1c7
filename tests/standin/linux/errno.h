#pragma once

#define ENOENT	2
#define ENOEXEC	8
#define ENOMEM	12
#define EEXIST	17
#define ENODEV	19
#define EINVAL	22
#define ENOSPC	28
