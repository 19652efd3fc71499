/* SPDX-License-Identifier: MIT */
/* Code that nobody here wrote, in libcrypto and zlib: hand-written assembly for every
 * CPU, and answers that others have published. */
#include <openssl/evp.h>
#include <string.h>
#include <zlib.h>

#include "kernels/hvperf.h"
#include "tests/trace/catalogue.h"

enum { MILLION = 1000000, TEXT = 20000 };

struct results {
    struct trace_context context;
    uint8_t digest[32], tag[16], cipher[128];
    size_t packed;
    uint8_t text[MILLION], pack[TEXT * 2], unpacked[TEXT];
};

/* Does the context hold these bytes, written as hexadecimal digits, at bytes? */
static bool is(const uint8_t *bytes, const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (; *hex; bytes++, hex += 2)
        if (hex[0] != digits[*bytes >> 4] || hex[1] != digits[*bytes & 15])
            return false;
    return true;
}

static void setup(void *ctx)
{
    memset(((struct results *)ctx)->text, 'a', MILLION);
}

#define DIGEST(function, method, bytes_of_text, expected)                              \
    static void run_##function(void *ctx, uint64_t n)                                  \
    {                                                                                  \
        struct results *r = ctx;                                                       \
        for (; n; n--)                                                                 \
            EVP_Digest(r->text, bytes_of_text, r->digest, NULL, method(), NULL);       \
    }                                                                                  \
    static bool check_##function(const void *ctx)                                      \
    {                                                                                  \
        return is(((const struct results *)ctx)->digest, expected);                    \
    }
/* FIPS 180-2, B.3; NIST's SHA-3 examples have the million of SHA3-256 as well. */
DIGEST(sha256, EVP_sha256, MILLION,
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
DIGEST(sha3, EVP_sha3_256, MILLION,
       "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c115891c1")

struct sealed {
    const EVP_CIPHER *(*cipher)(void);
    const uint8_t *key, *nonce, *aad, *plain;
    int aad_bytes, plain_bytes;
};

static void seal(struct results *r, const struct sealed *in)
{
    int bytes = 0;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(cipher, in->cipher(), NULL, in->key, in->nonce);
    EVP_EncryptUpdate(cipher, NULL, &bytes, in->aad, in->aad_bytes);
    EVP_EncryptUpdate(cipher, r->cipher, &bytes, in->plain, in->plain_bytes);
    EVP_EncryptFinal_ex(cipher, r->cipher + bytes, &bytes);
    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, r->tag);
    EVP_CIPHER_CTX_free(cipher);
}

/* RFC 8439, 2.8.2. */
static void run_chacha(void *ctx, uint64_t n)
{
    static const uint8_t aad[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
                                  0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    static const uint8_t nonce[] = {7,    0,    0,    0,    0x40, 0x41,
                                    0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    static const char plain[] =
        "Ladies and Gentlemen of the class of '99: If I could "
        "offer you only one tip for the future, sunscreen would "
        "be it.";
    uint8_t key[32];
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(0x80 + i);
    const struct sealed in = {EVP_chacha20_poly1305,  key,        nonce,           aad,
                              (const uint8_t *)plain, sizeof aad, sizeof plain - 1};
    for (; n; n--)
        seal(ctx, &in);
}

static bool check_chacha(const void *ctx)
{
    const struct results *r = ctx;
    return is(r->tag, "1ae10b594f09e26a7e902ecbd0600691") &&
           is(r->cipher,
              "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6");
}

/* McGrew and Viega's test case 16. */
static void run_gcm(void *ctx, uint64_t n)
{
    static const uint8_t key[32] = {0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c,
                                    0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08,
                                    0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c,
                                    0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08};
    static const uint8_t nonce[] = {0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce,
                                    0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
    static const uint8_t aad[] = {0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe,
                                  0xef, 0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad,
                                  0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2};
    static const uint8_t plain[] = {
        0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5,
        0xaf, 0xf5, 0x26, 0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda,
        0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31, 0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95,
        0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49, 0xa6, 0xb5, 0x25,
        0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39};
    const struct sealed in = {EVP_aes_256_gcm, key,        nonce,       aad,
                              plain,           sizeof aad, sizeof plain};
    for (; n; n--)
        seal(ctx, &in);
}

static bool check_gcm(const void *ctx)
{
    const struct results *r = ctx;
    return is(r->tag, "76fc6ece0f4e1768cddf8853bb2d551b") &&
           is(r->cipher,
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa");
}

/* Text that packs, but not to nothing. */
static void setup_text(struct results *r)
{
    for (uint32_t i = 0; i < TEXT; i++)
        r->text[i] = (uint8_t)("etaoin shrdlu"[(i * i >> 5) % 13] + (i % 97 == 0));
}

static void run_zlib(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (setup_text(r); n; n--) {
        uLongf packed = sizeof r->pack, unpacked = sizeof r->unpacked;
        compress2(r->pack, &packed, r->text, TEXT, 6);
        uncompress(r->unpacked, &unpacked, r->pack, packed);
        r->packed = packed;
    }
}

static bool check_zlib(const void *ctx)
{
    const struct results *r = ctx;
    return r->packed > 100 && r->packed < TEXT / 2 &&
           memcmp(r->unpacked, r->text, TEXT) == 0;
}

static void run_crc(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (; n; n--)
        r->context.sum = crc32(crc32(0, NULL, 0), (const Bytef *)"123456789", 9) |
                         (uint64_t)adler32(1, (const Bytef *)"Wikipedia", 9) << 32;
}

static bool check_crc(const void *ctx)
{
    return ((const struct trace_context *)ctx)->sum == UINT64_C(0x11e60398cbf43926);
}

static const struct trace_row rows[] = {
    {"libcrypto SHA-256 of 10^6",   run_sha256, check_sha256, 0, TRACE_CODE, false,
     false                                                                               },
    {"libcrypto SHA3-256 of 10^6",  run_sha3,   check_sha3,   0, TRACE_CODE, false, false},
    {"libcrypto ChaCha20-Poly1305", run_chacha, check_chacha, 0, TRACE_CODE, false,
     false                                                                               },
    {"libcrypto AES-256-GCM",       run_gcm,    check_gcm,    0, TRACE_CODE, false, false},
    {"zlib deflate, inflate",       run_zlib,   check_zlib,   0, TRACE_CODE, false, false},
    {"zlib crc32, adler32",         run_crc,    check_crc,    0, TRACE_CODE, false, false},
};

const struct trace_catalogue hv_trace_catalogue = {sizeof(struct results), setup, rows,
                                                   sizeof rows / sizeof *rows};
