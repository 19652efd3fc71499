/* SPDX-License-Identifier: MIT */
/* The one-block XOF against the published vectors of BLAKE3 (test_vectors.json). */
#include "kernels/blake3_xof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/hv16_reference.h"
#include "kernels/isa.h"

enum { OUTPUT = 131 };

/* Byte i of an input is i % 251; the output is hash mode's, extended to 131 bytes. */
static const struct {
    size_t input_bytes;
    const char *hex;
} vectors[] = {
    {0,  "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262e00f03e7"
        "b69af26b7faaf09fcd333050338ddfe085b8cc869ca98b206c08243a26f5487789e8f660"
        "afe6c99ef9e0c52b92e7393024a80459cf91f476f9ffdbda7001c22e159b402631f277ca"
        "96f2defdf1078282314e763699a31c5363165421cce14d"  },
    {1,  "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213c3a6cb8b"
        "f623e20cdb535f8d1a5ffb86342d9c0b64aca3bce1d31f60adfa137b358ad4d79f97b47c"
        "3d5e79f179df87a3b9776ef8325f8329886ba42f07fb138bb502f4081cbcec3195c5871e"
        "6c23e2cc97d3c69a613eba131e5f1351f3f1da786545e5"  },
    {2,  "7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63d8386b22"
        "e2ddc05836b7c1bb693d92af006deb5ffbc4c70fb44d0195d0c6f252faac61659ef86523"
        "aa16517f87cb5f1340e723756ab65efb2f91964e14391de2a432263a6faf1d146937b35a"
        "33621c12d00be8223a7f1919cec0acd12097ff3ab00ab1"  },
    {3,  "e1be4d7a8ab5560aa4199eea339849ba8e293d55ca0a81006726d184519e647f5b49b82f"
        "805a538c68915c1ae8035c900fd1d4b13902920fd05e1450822f36de9454b7e9996de490"
        "0c8e723512883f93f4345f8a58bfe64ee38d3ad71ab027765d25cdd0e448328a8e7a683b"
        "9a6af8b0af94fa09010d9186890b096a08471e4230a134"  },
    {4,  "f30f5ab28fe047904037f77b6da4fea1e27241c5d132638d8bedce9d40494f328f603ba4"
        "564453e06cdcee6cbe728a4519bbe6f0d41e8a14b5b225174a566dbfa61b56afb1e452dc"
        "08c804f8c3143c9e2cc4a31bb738bf8c1917b55830c6e65797211701dc0b98daa1faeaa6"
        "ee9e56ab606ce03a1a881e8f14e87a4acf4646272cfd12"  },
    {5,  "b40b44dfd97e7a84a996a91af8b85188c66c126940ba7aad2e7ae6b385402aa2ebcfdac6"
        "c5d32c31209e1f81a454751280db64942ce395104e1e4eaca62607de1c2ca748251754ea"
        "5bbe8c20150e7f47efd57012c63b3c6a6632dc1c7cd15f3e1c999904037d60fac2eb9397"
        "f2adbe458d7f264e64f1e73aa927b30988e2aed2f03620"  },
    {6,  "06c4e8ffb6872fad96f9aaca5eee1553eb62aed0ad7198cef42e87f6a616c844611a30c4"
        "e4f37fe2fe23c0883cde5cf7059d88b657c7ed2087e3d210925ede716435d6d5d82597a1"
        "e52b9553919e804f5656278bd739880692c94bff2824d8e0b48cac1d24682699e4883389"
        "dc4f2faa2eb3b4db6e39debd5061ff3609916f3e07529a"  },
    {7,  "3f8770f387faad08faa9d8414e9f449ac68e6ff0417f673f602a646a891419fe66036ef6"
        "e6d1a8f54baa9fed1fc11c77cfb9cff65bae915045027046ebe0c01bf5a941f3bb0f7379"
        "1d3fc0b84370f9f30af0cd5b0fc334dd61f70feb60dad785f070fef1f343ed933b49a5ca"
        "0d16a503f599a365a4296739248b28d1a20b0e2cc8975c"  },
    {8,  "2351207d04fc16ade43ccab08600939c7c1fa70a5c0aaca76063d04c3228eaeb725d6d46"
        "ceed8f785ab9f2f9b06acfe398c6699c6129da084cb531177445a682894f9685eaf83699"
        "9221d17c9a64a3a057000524cd2823986db378b074290a1a9b93a22e135ed2c14c7e20c6"
        "d045cd00b903400374126676ea78874d79f2dd7883cf5c"  },
    {63, "e9bc37a594daad83be9470df7f7b3798297c3d834ce80ba85d6e207627b7db7b1197012b"
         "1e7d9af4d7cb7bdd1f3bb49a90a9b5dec3ea2bbc6eaebce77f4e470cbf4687093b5352f0"
         "4e4a4570fba233164e6acc36900e35d185886a827f7ea9bdc1e5c3ce88b095a200e62c10"
         "c043b3e9bc6cb9b6ac4dfa51794b02ace9f98779040755"},
    {64, "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98fc9cc56c"
         "b831ffe33ea8e7e1d1df09b26efd2767670066aa82d023b1dfe8ab1b2b7fbb5b97592d46"
         "ffe3e05a6a9b592e2949c74160e4674301bc3f97e04903f8c6cf95b863174c33228924cd"
         "ef7ae47559b10b294acd660666c4538833582b43f82d74"},
};

#define N_VECTORS (sizeof vectors / sizeof vectors[0])

static void unhex(uint8_t *out, const char *hex)
{
    for (size_t i = 0; i < OUTPUT; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        char *end;
        out[i] = (uint8_t)strtoul(digits, &end, 16);
        assert_ptr_equal(end, digits + 2);
    }
}

static void published_vectors(void **state)
{
    (void)state;
    for (size_t v = 0; v < N_VECTORS; v++) {
        uint8_t input[64], want[OUTPUT], got[OUTPUT];
        assert_int_equal(strlen(vectors[v].hex), 2 * OUTPUT);
        unhex(want, vectors[v].hex);
        for (size_t i = 0; i < sizeof input; i++)
            input[i] = (uint8_t)i;
        blake3_xof(got, sizeof got, input, vectors[v].input_bytes);
        assert_memory_equal(got, want, OUTPUT);
    }
}

/* A shorter output is the beginning of a longer one, and nothing is written after it.
 */
static void any_length(void **state)
{
    (void)state;
    uint8_t input[8] = {0, 1, 2, 3, 4, 5, 6, 7}, longest[300];
    blake3_xof(longest, sizeof longest, input, sizeof input);
    for (size_t bytes = 0; bytes < sizeof longest; bytes++) {
        uint8_t got[sizeof longest];
        memset(got, 0xa5, sizeof got);
        blake3_xof(got, bytes, input, sizeof input);
        assert_memory_equal(got, longest, bytes);
        for (size_t i = bytes; i < sizeof got; i++)
            assert_int_equal(got[i], 0xa5);
    }
}

/* The vector of eight bytes is random() of the seed that has these bytes. */
static void random_is_the_xof_of_the_seed(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_C(0x0706050403020100);
    uint8_t want[OUTPUT], got[256];
    for (size_t v = 0; v < N_VECTORS; v++)
        if (vectors[v].input_bytes == 8)
            unhex(want, vectors[v].hex);

    hv_reference_random(got, sizeof got, seed);
    assert_memory_equal(got, want, OUTPUT);

    size_t count;
    const struct hv_isa *isas = hv_isas(&count);
    for (size_t i = 0; i < count; i++) {
        if (!hv_isa_available(&isas[i]))
            continue;
        memset(got, 0, sizeof got);
        isas[i].ops->random(got, sizeof got, seed);
        assert_memory_equal(got, want, OUTPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(any_length),
        cmocka_unit_test(random_is_the_xof_of_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
