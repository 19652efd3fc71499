/* SPDX-License-Identifier: MIT */
/* Forms of instructions: EVEX vectors and mask registers. Rows of X(text, what
 * decode_text.h says of it at 0x1000 with fs at 0x700000). */
#ifndef HV_TEST_DECODE_FORMS_EVEX_H
#define HV_TEST_DECODE_FORMS_EVEX_H

#define DECODE_FORMS_EVEX(X)                                                           \
    /* whole vectors */                                                                \
    X("vmovdqu64 zmm1, zmm2", "v64 | v1.0:64=v2.0")                                    \
    X("vmovdqu64 zmm17, [rbx + 0x40]", "v64 R64[rbx+64] | v17.0:64=m0")                \
    X("vmovdqu8 [rbx], zmm1", "v64 W64[rbx] | m0:64=v1.0")                             \
    X("vmovdqu8 xmm17, [rbx]", "v16 R16[rbx] | v17.0:16=m0 v17.16:48=0")               \
    X("vmovdqa32 ymm17, ymm2", "v32 | v17.0:32=v2.0 v17.32:32=0")                      \
    X("vmovdqa64 [rbx], zmm17", "v64 W64[rbx] | m0:64=v17.0")                          \
    X("vmovntpd [rbx], zmm1", "v64 W64[rbx],nt | m0:64=v1.0")                          \
    X("vmovups [rbx + rcx*8 - 0x40], zmm31", "v64 W64[rbx+rcx*8-64] | m0:64=v31.0")    \
    X("vmovntdq [rbx], zmm1", "v64 W64[rbx],nt | m0:64=v1.0")                          \
    X("vmovntdqa zmm1, [rbx]", "v64 R64[rbx] | v1.0:64=m0")                            \
    X("vmovaps zmm1, [rip + 0x100]", "v64 R64[0x110a] | v1.0:64=m0")                   \
    /* masked */                                                                       \
    X("vmovdqu8 zmm1{k1}, [rbx]", "v64 R64[rbx]{k1/1} | v1.0:64=m0{k1/1}")             \
    X("vmovdqu8 zmm1{k1}{z}, [rbx]", "v64 R64[rbx]{k1/1} | v1.0:64=m0{k1/1z}")         \
    X("vmovdqu8 [rbx]{k1}, zmm1", "v64 W64[rbx]{k1/1} | m0:64=v1.0{k1/1}")             \
    X("vmovdqu16 ymm1{k2}, [rbx]", "v32 R32[rbx]{k2/2} | v1.0:32=m0{k2/2} v1.32:32=0") \
    X("vmovdqu16 [rbx]{k2}, xmm1", "v16 W16[rbx]{k2/2} | m0:16=v1.0{k2/2}")            \
    X("vmovdqu32 zmm1{k3}{z}, zmm2", "v64 | v1.0:64=v2.0{k3/4z}")                      \
    X("vmovdqu64 zmm1{k3}, zmm2", "v64 | v1.0:64=v2.0{k3/8}")                          \
    X("vmovdqu64 xmm1{k3}{z}, xmm1", "v16 | v1.0:16=v1.0{k3/8z} v1.16:48=0")           \
    X("vmovapd ymm1{k1}, [rbx]", "v32 R32[rbx]{k1/8} | v1.0:32=m0{k1/8} v1.32:32=0")   \
    X("vmovups [rbx]{k7}, zmm1", "v64 W64[rbx]{k7/4} | m0:64=v1.0{k7/4}")              \
    X("vmovss xmm1{k1}, [rbx]", "v16 R4[rbx]{k1/4} | v1.0:4=m0{k1/4} v1.4:60=0")       \
    X("vmovss xmm1{k1}{z}, [rbx]", "v16 R4[rbx]{k1/4} | v1.0:4=m0{k1/4z} v1.4:60=0")   \
    X("vmovss [rbx]{k1}, xmm1", "v16 W4[rbx]{k1/4} | m0:4=v1.0{k1/4}")                 \
    X("vmovss xmm1{k1}, xmm2, xmm3",                                                   \
      "v16 | v1.4:12=v2.4 v1.0:4=v3.0{k1/4} v1.16:48=0")                               \
    X("vmovsd xmm1{k1}{z}, xmm2, xmm1",                                                \
      "v16 | v1.8:8=v2.8 v1.0:8=v1.0{k1/8z} v1.16:48=0")                               \
    X("vmovsd [rbx]{k1}, xmm1", "v16 W8[rbx]{k1/8} | m0:8=v1.0{k1/8}")                 \
    X("vpcompressd [rbx]{k1}, zmm1", "v64 W64[rbx]{k1/4},packed | m0:64=v1.0{k1/4}")   \
    X("vpcompressb [rbx]{k1}, ymm1", "v32 W32[rbx]{k1/1},packed | m0:32=v1.0{k1/1}")   \
    X("vcompresspd [rbx]{k1}, zmm1", "v64 W64[rbx]{k1/8},packed | m0:64=v1.0{k1/8}")   \
    X("vcompressps [rbx]{k1}, ymm1", "v32 W32[rbx]{k1/4},packed | m0:32=v1.0{k1/4}")   \
    X("vpcompressq [rbx]{k1}, xmm1", "v16 W16[rbx]{k1/8},packed | m0:16=v1.0{k1/8}")   \
    X("vpcompressw [rbx], zmm1", "v64 W64[rbx] | m0:64=v1.0")                          \
    X("vpcompressd zmm1{k1}, zmm2", "v64 | v1.0:64=0")                                 \
    X("vpexpandd zmm1{k1}, [rbx]", "v64 R64[rbx]{k1/4},packed | v1.0:64=m0{k1/4}")     \
    X("vpexpandw xmm1{k1}{z}, [rbx]",                                                  \
      "v16 R16[rbx]{k1/2},packed | v1.0:16=m0{k1/2z} v1.16:48=0")                      \
    X("vpexpandb zmm1{k1}, [rbx]", "v64 R64[rbx]{k1/1},packed | v1.0:64=m0{k1/1}")     \
    X("vexpandps ymm1{k1}, [rbx]",                                                     \
      "v32 R32[rbx]{k1/4},packed | v1.0:32=m0{k1/4} v1.32:32=0")                       \
    X("vexpandpd zmm1{k1}{z}, [rbx]", "v64 R64[rbx]{k1/8},packed | v1.0:64=m0{k1/8z}") \
    X("vpexpandq zmm1{k1}, zmm2", "v64 | v1.0:64=0")                                   \
    /* elements of 16 bits */                                                          \
    X("vmovsh xmm1{k1}, [rbx]", "v16 R2[rbx]{k1/2} | v1.0:2=m0{k1/2} v1.2:62=0")       \
    X("vmovsh [rbx], xmm1", "v16 W2[rbx] | m0:2=v1.0")                                 \
    X("vmovsh xmm1, xmm2, xmm3", "v16 | v1.2:14=v2.2 v1.0:2=v3.0 v1.16:48=0")          \
    X("vmovw xmm1, eax", "v16 | v1.0:2=rax.0 v1.2:62=0")                               \
    X("vmovw [rbx], xmm1", "v16 W2[rbx] | m0:2=v1.0")                                  \
    X("vfmaddcph zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx]{k1/4} | v1.0:64=0")             \
    /* computing, memory as the mask says */                                           \
    X("vpaddd zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx]{k1/4} | v1.0:64=0")                \
    X("vpaddd zmm1, zmm2, [rbx]", "v64 R64[rbx] | v1.0:64=0")                          \
    X("vpaddd zmm1, zmm2, dword ptr [rbx]{1to16}", "v64 R4[rbx] | v1.0:64=0")          \
    X("vaddpd zmm1{k1}{z}, zmm2, qword ptr [rbx]{1to8}", "v64 R8[rbx] | v1.0:64=0")    \
    X("vaddss xmm1{k1}, xmm2, [rbx]", "v16 R4[rbx]{k1/4} | v1.0:64=0")                 \
    X("vpermd zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx] | v1.0:64=0")                      \
    X("vpshufb zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx] | v1.0:64=0")                     \
    X("vdbpsadbw zmm1{k1}, zmm2, [rbx], 3", "v64 R64[rbx] | v1.0:64=0")                \
    X("vgf2p8affineqb zmm1{k1}, zmm2, [rbx], 3", "v64 R64[rbx] | v1.0:64=0")           \
    X("vcvtne2ps2bf16 zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx] | v1.0:64=0")              \
    X("vpshufbitqmb k2{k1}, zmm1, [rbx]", "v64 R64[rbx]{k1/1} | k2.0:8=0")             \
    X("vpmovwb [rbx]{k1}, ymm1", "v32 W16[rbx]{k1/1} |")                               \
    X("vpmovwb [rbx], zmm1", "v64 W32[rbx] |")                                         \
    X("vpmovqb [rbx]{k1}, xmm1", "v16 W2[rbx]{k1/1} |")                                \
    X("vpmovqd ymm1, zmm2", "v64 | v1.0:64=0")                                         \
    X("vpmovzxbw zmm1{k1}, [rbx]", "v64 R32[rbx]{k1/1} | v1.0:64=0")                   \
    X("vcvtpd2ps xmm1{k1}, xmmword ptr [rbx]", "v16 R16[rbx]{k1/8} | v1.0:64=0")       \
    X("vcvtps2ph [rbx]{k1}, zmm1, 3", "v64 W32[rbx]{k1/2} |")                          \
    X("vcmpps k2{k1}, zmm1, [rbx], 1", "v64 R64[rbx]{k1/4} | k2.0:8=0")                \
    X("vfpclassps k2{k1}, zmmword ptr [rbx], 3", "v64 R64[rbx]{k1/4} | k2.0:8=0")      \
    X("vpdpbusd zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx]{k1/4} | v1.0:64=0")              \
    X("vpternlogd zmm1, zmm1, zmm1, 0xff", "v64 | v1.0:64=0")                          \
    X("vpblendmd zmm1{k1}, zmm2, [rbx]", "v64 R64[rbx]{k1/4} | v1.0:64=0")             \
    X("vp2intersectd k2, zmm1, zmm2", "v64 | k2.0:16=0")                               \
    X("vp2intersectq k3, zmm1, [rbx]", "v64 R64[rbx] | k2.0:16=0")                     \
    X("vpgatherdd zmm1{k1}, [rbx + zmm2*4]", "unsupported v64 | v1.0:64=0 k1.0:8=0")   \
    X("vpscatterdd [rbx + zmm2*4]{k1}, zmm1", "unsupported v64 | k1.0:8=0")            \
    /* parts */                                                                        \
    X("vmovd xmm17, eax", "v16 | v17.0:4=rax.0 v17.4:60=0")                            \
    X("vmovq rax, xmm17", "v16 | rax.0:8=v17.0")                                       \
    X("vmovq xmm17, [rbx]", "v16 R8[rbx] | v17.0:8=m0 v17.8:56=0")                     \
    X("vmovhps xmm17, xmm18, [rbx]",                                                   \
      "v16 R8[rbx] | v17.0:8=v18.0 v17.8:8=m0 v17.16:48=0")                            \
    X("vmovhlps xmm17, xmm18, xmm17",                                                  \
      "v16 | tmp.0:8=v17.8 v17.8:8=v18.8 v17.0:8=tmp.0 v17.16:48=0")                   \
    X("vpunpcklqdq xmm17, xmm18, xmm19",                                               \
      "v16 | v17.0:8=v18.0 v17.8:8=v19.0 v17.16:48=0")                                 \
    X("vpunpcklqdq xmm17{k1}, xmm18, xmm19", "v16 | v17.0:64=0")                       \
    X("vpinsrd xmm17, xmm18, eax, 3",                                                  \
      "v16 | v17.0:12=v18.0 v17.12:4=rax.0 v17.16:48=0")                               \
    X("vpextrw eax, xmm17, 5", "v16 | rax.0:2=v17.10 rax.2:6=0")                       \
    X("vinserti32x4 zmm1, zmm2, [rbx], 2",                                             \
      "v64 R16[rbx] | v1.0:32=v2.0 v1.48:16=v2.48 v1.32:16=m0")                        \
    X("vinsertf32x4 zmm1, zmm2, xmm1, 3",                                              \
      "v64 | tmp.0:16=v1.0 v1.0:48=v2.0 v1.48:16=tmp.0")                               \
    X("vinserti64x2 ymm1, ymm2, xmm3, 1",                                              \
      "v32 | v1.0:16=v2.0 v1.16:16=v3.0 v1.32:32=0")                                   \
    X("vinsertf32x8 zmm1, zmm2, [rbx], 1", "v64 R32[rbx] | v1.0:32=v2.0 v1.32:32=m0")  \
    X("vinserti32x8 zmm1, zmm2, ymm3, 0", "v64 | v1.32:32=v2.32 v1.0:32=v3.0")         \
    X("vinsertf64x4 zmm1, zmm2, ymm3, 1", "v64 | v1.0:32=v2.0 v1.32:32=v3.0")          \
    X("vinserti64x4 zmm1, zmm2, ymm1, 1",                                              \
      "v64 | tmp.0:32=v1.0 v1.0:32=v2.0 v1.32:32=tmp.0")                               \
    X("vinserti64x4 zmm1, zmm2, ymm1, 0", "v64 | v1.32:32=v2.32")                      \
    X("vinsertf64x2 zmm1{k1}, zmm2, xmm3, 1", "v64 | v1.0:64=0")                       \
    X("vextracti32x4 xmm1, zmm2, 3", "v64 | v1.0:16=v2.48 v1.16:48=0")                 \
    X("vextractf32x4 [rbx], ymm1, 1", "v32 W16[rbx] | m0:16=v1.16")                    \
    X("vextracti64x2 xmm1, zmm2, 2", "v64 | v1.0:16=v2.32 v1.16:48=0")                 \
    X("vextractf32x8 ymm1, zmm2, 1", "v64 | v1.0:32=v2.32 v1.32:32=0")                 \
    X("vextracti32x8 [rbx], zmm1, 1", "v64 W32[rbx] | m0:32=v1.32")                    \
    X("vextractf64x4 ymm1, zmm1, 1", "v64 | v1.0:32=v1.32 v1.32:32=0")                 \
    X("vextracti64x4 [rbx], zmm1, 1", "v64 W32[rbx] | m0:32=v1.32")                    \
    X("vextractf64x2 [rbx]{k1}, zmm1, 1", "v64 W16[rbx] |")                            \
    X("vpbroadcastd zmm1, [rbx]", "v64 R4[rbx] | v1.0:64=0")                           \
    X("vpbroadcastd ymm17, eax",                                                       \
      "v32 | v17.0:4=rax.0 v17.4:4=v17.0 v17.8:8=v17.0 v17.16:16=v17.0 v17.32:32=0")   \
    X("vpbroadcastq zmm1, rax",                                                        \
      "v64 | v1.0:8=rax.0 v1.8:8=v1.0 v1.16:16=v1.0 v1.32:32=v1.0")                    \
    X("vpbroadcastq zmm1{k1}, rax", "v64 | v1.0:64=0")                                 \
    X("vbroadcasti32x4 zmm1, [rbx]",                                                   \
      "v64 R16[rbx] | v1.0:16=m0 v1.16:16=v1.0 v1.32:32=v1.0")                         \
    X("vbroadcasti64x4 zmm1, [rbx]", "v64 R32[rbx] | v1.0:32=m0 v1.32:32=v1.0")        \
    X("vbroadcastf64x4 zmm1, [rbx]", "v64 R32[rbx] | v1.0:32=m0 v1.32:32=v1.0")        \
    X("vbroadcastf32x8 zmm1, [rbx]", "v64 R32[rbx] | v1.0:32=m0 v1.32:32=v1.0")        \
    X("vbroadcasti32x8 zmm1, [rbx]", "v64 R32[rbx] | v1.0:32=m0 v1.32:32=v1.0")        \
    X("vbroadcastf32x4 ymm17, [rbx]",                                                  \
      "v32 R16[rbx] | v17.0:16=m0 v17.16:16=v17.0 v17.32:32=0")                        \
    X("vbroadcastf64x2 zmm1, [rbx]",                                                   \
      "v64 R16[rbx] | v1.0:16=m0 v1.16:16=v1.0 v1.32:32=v1.0")                         \
    X("vbroadcasti64x2 ymm17, [rbx]",                                                  \
      "v32 R16[rbx] | v17.0:16=m0 v17.16:16=v17.0 v17.32:32=0")                        \
    X("vbroadcastf32x2 ymm1, xmm2",                                                    \
      "v32 | v1.0:8=v2.0 v1.8:8=v1.0 v1.16:16=v1.0 v1.32:32=0")                        \
    X("vbroadcasti32x2 xmm1, [rbx]", "v16 R8[rbx] | v1.0:8=m0 v1.8:8=v1.0 v1.16:48=0") \
    X("vbroadcasti64x4 zmm1{k1}, [rbx]", "v64 R32[rbx] | v1.0:64=0")                   \
    /* masks */                                                                        \
    X("kmovb k1, [rbx]", "R1[rbx] | k1.0:1=m0 k1.1:7=0")                               \
    X("kmovw k1, eax", "| k1.0:2=rax.0 k1.2:6=0")                                      \
    X("kmovd k1, k2", "| k1.0:4=k2.0 k1.4:4=0")                                        \
    X("kmovq k1, rax", "| k1.0:8=rax.0")                                               \
    X("kmovq [rbx], k1", "W8[rbx] | m0:8=k1.0")                                        \
    X("kmovb eax, k1", "| rax.0:1=k1.0 rax.1:7=0")                                     \
    X("kandq k1, k2, k3", "| k1.0:8=0")                                                \
    X("kortestd k1, k2", "|")                                                          \
    X("vpmovm2b zmm1, k1", "v64 | v1.0:64=0")                                          \
    X("vpmovb2m k1, zmm1", "v64 | k1.0:8=0")

#endif
