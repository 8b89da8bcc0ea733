/* errors.c: the names of errno values, which are the same in every language and locale.
 * Invariant: see platform.h.
 * SPDX-License-Identifier: MIT */
#include "platform.h"

#include <errno.h>

#define NAME(error) [error] = #error

/* Not pointers, which would have to be relocated at every start. */
static const char names[][sizeof "ENAMETOOLONG"] = {
    NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC), NAME(EBADF),
    NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(ENOTBLK), NAME(EBUSY), NAME(EEXIST), NAME(EXDEV),
    NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE), NAME(ENOTTY), NAME(ETXTBSY),
    NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS), NAME(EMLINK), NAME(EPIPE), NAME(EDOM), NAME(ERANGE), NAME(EDEADLK),
    NAME(ENAMETOOLONG), NAME(ENOLCK), NAME(ENOSYS), NAME(ENOTEMPTY), NAME(ELOOP), NAME(ENODATA), NAME(EOVERFLOW),
    NAME(EILSEQ), NAME(EOPNOTSUPP), NAME(ETIMEDOUT), NAME(ESTALE), NAME(EDQUOT), NAME(ECANCELED),
};

const char *plat_error_name(int error) {
    if (error < 0) error = -error;
    if ((size_t)error < sizeof names / sizeof names[0] && names[error][0]) return names[error];
    return "an unnamed error";
}
