/* SPDX-License-Identifier: MIT */
/* Sending and receiving fixed-size records with descriptors beside them. */
#include "src/measure/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* cmsg buffers must be aligned for a cmsghdr. */
union ancillary {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(HV_WIRE_FDS * sizeof(int))];
};

int hv_wire_send(int socket, const void *record, size_t bytes, const int *fds,
                 unsigned n_fds)
{
    struct iovec part = {.iov_base = (void *)record, .iov_len = bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union ancillary ancillary;
    memset(&ancillary, 0, sizeof ancillary);
    if (n_fds > HV_WIRE_FDS)
        return -E2BIG;
    if (n_fds) {
        message.msg_control = ancillary.bytes;
        message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
        memcpy(CMSG_DATA(head), fds, n_fds * sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EPIPE ? -ECONNRESET : -errno;
    return (size_t)sent == bytes ? 0 : -EPROTO;
}

static unsigned take_fds(struct msghdr *message, int *fds, unsigned room)
{
    unsigned taken = 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head;
         head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(head) + i * sizeof fd, sizeof fd);
            if (taken < room)
                fds[taken++] = fd;
            else
                close(fd);
        }
    }
    return taken;
}

int hv_wire_receive(int socket, void *record, size_t bytes, int *fds, unsigned *n_fds)
{
    struct iovec part = {.iov_base = record, .iov_len = bytes};
    union ancillary ancillary;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = ancillary.bytes,
                             .msg_controllen = sizeof ancillary.bytes};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    unsigned room = n_fds ? *n_fds : 0, taken = take_fds(&message, fds, room);
    if (n_fds)
        *n_fds = taken;
    if (got == 0)
        return -ECONNRESET;
    if ((size_t)got == bytes && !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        return 0;
    while (taken)
        close(fds[--taken]);
    if (n_fds)
        *n_fds = 0;
    return -EPROTO;
}

int hv_wire_write(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n) {
        ssize_t wrote = write(fd, at, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -errno;
        at += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

char *hv_wire_text(char *field, size_t bytes)
{
    field[bytes - 1] = 0;
    for (char *c = field; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return field;
}
