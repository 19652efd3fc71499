/* SPDX-License-Identifier: MIT */
/* Forms of instructions: vectors without EVEX. Rows of X(text, what decode_text.h
 * says of it at 0x1000 with fs at 0x700000). */
#ifndef HV_TEST_DECODE_FORMS_VECTOR_H
#define HV_TEST_DECODE_FORMS_VECTOR_H

#define DECODE_FORMS_VECTOR(X)                                                         \
    /* whole vectors without VEX */                                                    \
    X("movaps xmm1, xmm2", "v16 | v1.0:16=v2.0")                                       \
    X("movups xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=m0")                               \
    X("movdqa [rbx], xmm1", "v16 W16[rbx] | m0:16=v1.0")                               \
    X("movdqu xmm9, [rbx + rcx]", "v16 R16[rbx+rcx*1] | v9.0:16=m0")                   \
    X("movupd [rbx], xmm9", "v16 W16[rbx] | m0:16=v9.0")                               \
    X("lddqu xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=m0")                                \
    X("movntdqa xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=m0")                             \
    X("movntdq [rbx], xmm1", "v16 W16[rbx],nt | m0:16=v1.0")                           \
    X("movntps [rbx], xmm1", "v16 W16[rbx],nt | m0:16=v1.0")                           \
    X("movaps xmm1, [rip + 0x10]", "v16 R16[0x1017] | v1.0:16=m0")                     \
    X("movapd xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=m0")                               \
    X("movntpd [rbx], xmm1", "v16 W16[rbx],nt | m0:16=v1.0")                           \
    X(".byte 0xf3, 0x0f, 0x2b, 0x0b", "v16 W4[rbx],nt | m0:4=v1.0")                    \
    X(".byte 0xf2, 0x0f, 0x2b, 0x0b", "v16 W8[rbx],nt | m0:8=v1.0")                    \
    /* elements without VEX */                                                         \
    X("movd xmm1, eax", "v16 | v1.0:4=rax.0 v1.4:12=0")                                \
    X("movd eax, xmm1", "v16 | rax.0:4=v1.0 rax.4:4=0")                                \
    X("movd xmm1, dword ptr [rbx]", "v16 R4[rbx] | v1.0:4=m0 v1.4:12=0")               \
    X("movd dword ptr [rbx], xmm1", "v16 W4[rbx] | m0:4=v1.0")                         \
    X("movq xmm1, rax", "v16 | v1.0:8=rax.0 v1.8:8=0")                                 \
    X("movq rax, xmm1", "v16 | rax.0:8=v1.0")                                          \
    X("movq xmm1, xmm2", "v16 | v1.0:8=v2.0 v1.8:8=0")                                 \
    X("movq xmm1, qword ptr [rbx]", "v16 R8[rbx] | v1.0:8=m0 v1.8:8=0")                \
    X("movq qword ptr [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.0")                         \
    X("movss xmm1, xmm2", "v16 | v1.0:4=v2.0")                                         \
    X("movss xmm1, [rbx]", "v16 R4[rbx] | v1.0:4=m0 v1.4:12=0")                        \
    X("movss [rbx], xmm1", "v16 W4[rbx] | m0:4=v1.0")                                  \
    X("movsd xmm1, xmm2", "v16 | v1.0:8=v2.0")                                         \
    X("movsd xmm1, qword ptr [rbx]", "v16 R8[rbx] | v1.0:8=m0 v1.8:8=0")               \
    X("movsd qword ptr [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.0")                        \
    X("movlps xmm1, [rbx]", "v16 R8[rbx] | v1.0:8=m0")                                 \
    X("movlps [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.0")                                 \
    X("movhpd xmm1, [rbx]", "v16 R8[rbx] | v1.8:8=m0")                                 \
    X("movhpd [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.8")                                 \
    X("movhps xmm1, [rbx]", "v16 R8[rbx] | v1.8:8=m0")                                 \
    X("movhps [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.8")                                 \
    X("movlpd xmm1, [rbx]", "v16 R8[rbx] | v1.0:8=m0")                                 \
    X("movlpd [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.0")                                 \
    X("movhlps xmm1, xmm2", "v16 | v1.0:8=v2.8")                                       \
    X("movlhps xmm1, xmm2", "v16 | v1.8:8=v2.0")                                       \
    X("movlhps xmm1, xmm1", "v16 | v1.8:8=v1.0")                                       \
    X("unpcklpd xmm1, xmm2", "v16 | v1.8:8=v2.0")                                      \
    X("punpcklqdq xmm1, xmm2", "v16 | v1.8:8=v2.0")                                    \
    X("punpcklqdq xmm1, [rbx]", "v16 R16[rbx] | v1.8:8=m0")                            \
    X("pinsrb xmm1, eax, 3", "v16 | v1.3:1=rax.0")                                     \
    X("pinsrb xmm1, [rbx], 15", "v16 R1[rbx] | v1.15:1=m0")                            \
    X("pinsrw xmm1, edx, 1", "v16 | v1.2:2=rdx.0")                                     \
    X("pinsrd xmm1, [rbx], 2", "v16 R4[rbx] | v1.8:4=m0")                              \
    X("pinsrq xmm1, rdx, 1", "v16 | v1.8:8=rdx.0")                                     \
    X("pextrb eax, xmm1, 3", "v16 | rax.0:1=v1.3 rax.1:7=0")                           \
    X("pextrb [rbx], xmm1, 3", "v16 W1[rbx] | m0:1=v1.3")                              \
    X("pextrw eax, xmm1, 7", "v16 | rax.0:2=v1.14 rax.2:6=0")                          \
    X("pextrw [rbx], xmm1, 7", "v16 W2[rbx] | m0:2=v1.14")                             \
    X("pextrd [rbx], xmm1, 2", "v16 W4[rbx] | m0:4=v1.8")                              \
    X("pextrq rax, xmm1, 1", "v16 | rax.0:8=v1.8")                                     \
    X("insertps xmm1, xmm2, 0x9c", "v16 | v1.4:4=v2.8 v1.8:4=0 v1.12:4=0")             \
    X("insertps xmm1, [rbx], 0x21", "v16 R4[rbx] | v1.8:4=m0 v1.0:4=0")                \
    X("extractps [rbx], xmm1, 2", "v16 W4[rbx] | m0:4=v1.8")                           \
    /* MMX */                                                                          \
    X("movq mm1, mm2", "v8 | mm1.0:8=mm2.0")                                           \
    X("movq mm1, [rbx]", "v8 R8[rbx] | mm1.0:8=m0")                                    \
    X("movq [rbx], mm1", "v8 W8[rbx] | m0:8=mm1.0")                                    \
    X("movd mm1, eax", "v8 | mm1.0:4=rax.0 mm1.4:4=0")                                 \
    X("movd eax, mm1", "v8 | rax.0:4=mm1.0 rax.4:4=0")                                 \
    X("movq rax, mm1", "v8 | rax.0:8=mm1.0")                                           \
    X("movntq [rbx], mm1", "v8 W8[rbx],nt | m0:8=mm1.0")                               \
    X("movq2dq xmm1, mm2", "v16 | v1.0:8=mm2.0 v1.8:8=0")                              \
    X("movdq2q mm1, xmm2", "v16 | mm1.0:8=v2.0")                                       \
    X("pinsrw mm1, eax, 1", "v8 | mm1.2:2=rax.0")                                      \
    X("pextrw eax, mm1, 2", "v8 | rax.0:2=mm1.4 rax.2:6=0")                            \
    X("paddb mm1, mm2", "v8 | mm1.0:8=0")                                              \
    /* whole vectors with VEX */                                                       \
    X("vmovaps xmm1, xmm2", "v16 | v1.0:16=v2.0 v1.16:48=0")                           \
    X("vmovaps ymm1, ymm2", "v32 | v1.0:32=v2.0 v1.32:32=0")                           \
    X("vmovdqu xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=m0 v1.16:48=0")                   \
    X("vmovdqu ymm1, [rbx]", "v32 R32[rbx] | v1.0:32=m0 v1.32:32=0")                   \
    X("vmovups [rbx], ymm1", "v32 W32[rbx] | m0:32=v1.0")                              \
    X("vmovdqa [rbx], xmm1", "v16 W16[rbx] | m0:16=v1.0")                              \
    X("vlddqu ymm1, [rbx]", "v32 R32[rbx] | v1.0:32=m0 v1.32:32=0")                    \
    X("vmovntdq [rbx], ymm1", "v32 W32[rbx],nt | m0:32=v1.0")                          \
    X("vmovntps [rbx], xmm1", "v16 W16[rbx],nt | m0:16=v1.0")                          \
    X("vmovntpd [rbx], ymm1", "v32 W32[rbx],nt | m0:32=v1.0")                          \
    X("vmovupd ymm1, [rbx]", "v32 R32[rbx] | v1.0:32=m0 v1.32:32=0")                   \
    /* elements with VEX */                                                            \
    X("vmovd xmm1, eax", "v16 | v1.0:4=rax.0 v1.4:60=0")                               \
    X("vmovd dword ptr [rbx], xmm1", "v16 W4[rbx] | m0:4=v1.0")                        \
    X("vmovq xmm1, [rbx]", "v16 R8[rbx] | v1.0:8=m0 v1.8:56=0")                        \
    X("vmovq xmm1, xmm2", "v16 | v1.0:8=v2.0 v1.8:56=0")                               \
    X("vmovq rax, xmm1", "v16 | rax.0:8=v1.0")                                         \
    X("vmovss xmm1, [rbx]", "v16 R4[rbx] | v1.0:4=m0 v1.4:60=0")                       \
    X("vmovss [rbx], xmm1", "v16 W4[rbx] | m0:4=v1.0")                                 \
    X("vmovss xmm1, xmm2, xmm3", "v16 | v1.4:12=v2.4 v1.0:4=v3.0 v1.16:48=0")          \
    X("vmovsd xmm1, xmm2, xmm1", "v16 | v1.8:8=v2.8 v1.16:48=0")                       \
    X("vmovsd xmm1, xmm1, xmm2", "v16 | v1.0:8=v2.0 v1.16:48=0")                       \
    X("vmovlps xmm1, xmm2, [rbx]", "v16 R8[rbx] | v1.8:8=v2.8 v1.0:8=m0 v1.16:48=0")   \
    X("vmovlps [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.0")                                \
    X("vmovhps xmm1, xmm2, [rbx]", "v16 R8[rbx] | v1.0:8=v2.0 v1.8:8=m0 v1.16:48=0")   \
    X("vmovhps [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.8")                                \
    X("vmovlpd xmm1, xmm2, [rbx]", "v16 R8[rbx] | v1.8:8=v2.8 v1.0:8=m0 v1.16:48=0")   \
    X("vmovhpd xmm1, xmm2, [rbx]", "v16 R8[rbx] | v1.0:8=v2.0 v1.8:8=m0 v1.16:48=0")   \
    X("vmovhpd [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.8")                                \
    X("vmovhlps xmm1, xmm2, xmm3", "v16 | v1.8:8=v2.8 v1.0:8=v3.8 v1.16:48=0")         \
    X("vmovhlps xmm1, xmm2, xmm1",                                                     \
      "v16 | tmp.0:8=v1.8 v1.8:8=v2.8 v1.0:8=tmp.0 v1.16:48=0")                        \
    X("vmovlhps xmm1, xmm2, xmm3", "v16 | v1.0:8=v2.0 v1.8:8=v3.0 v1.16:48=0")         \
    X("vmovlhps xmm1, xmm2, xmm1",                                                     \
      "v16 | tmp.0:8=v1.0 v1.0:8=v2.0 v1.8:8=tmp.0 v1.16:48=0")                        \
    X("vunpcklpd xmm1, xmm2, xmm1",                                                    \
      "v16 | tmp.0:8=v1.0 v1.0:8=v2.0 v1.8:8=tmp.0 v1.16:48=0")                        \
    X("vunpcklpd ymm1, ymm2, ymm3", "v32 | v1.0:64=0")                                 \
    X("vpunpcklqdq xmm1, xmm2, [rbx]",                                                 \
      "v16 R16[rbx] | v1.0:8=v2.0 v1.8:8=m0 v1.16:48=0")                               \
    X("vpinsrb xmm1, xmm2, eax, 2",                                                    \
      "v16 | v1.0:2=v2.0 v1.3:13=v2.3 v1.2:1=rax.0 v1.16:48=0")                        \
    X("vpinsrw xmm1, xmm2, [rbx], 7",                                                  \
      "v16 R2[rbx] | v1.0:14=v2.0 v1.14:2=m0 v1.16:48=0")                              \
    X("vpinsrd xmm1, xmm2, edx, 1",                                                    \
      "v16 | v1.0:4=v2.0 v1.8:8=v2.8 v1.4:4=rdx.0 v1.16:48=0")                         \
    X("vpinsrq xmm1, xmm2, [rbx], 1",                                                  \
      "v16 R8[rbx] | v1.0:8=v2.0 v1.8:8=m0 v1.16:48=0")                                \
    X("vpextrw eax, xmm1, 3", "v16 | rax.0:2=v1.6 rax.2:6=0")                          \
    X("vpextrd [rbx], xmm1, 1", "v16 W4[rbx] | m0:4=v1.4")                             \
    X("vpextrb [rbx], xmm1, 9", "v16 W1[rbx] | m0:1=v1.9")                             \
    X("vextractps eax, xmm1, 3", "v16 | rax.0:4=v1.12 rax.4:4=0")                      \
    X("vpextrq rax, xmm1, 0", "v16 | rax.0:8=v1.0")                                    \
    X("vinsertps xmm1, xmm2, xmm1, 0x40",                                              \
      "v16 | tmp.0:4=v1.4 v1.4:12=v2.4 v1.0:4=tmp.0 v1.16:48=0")                       \
    X("vinsertps xmm1, xmm2, [rbx], 0x18",                                             \
      "v16 R4[rbx] | v1.0:4=v2.0 v1.8:8=v2.8 v1.4:4=m0 v1.16:48=0 v1.12:4=0")          \
    X("vinserti128 ymm0, ymm1, [rbx], 1",                                              \
      "v32 R16[rbx] | v0.0:16=v1.0 v0.16:16=m0 v0.32:32=0")                            \
    X("vinserti128 ymm1, ymm2, xmm3, 0",                                               \
      "v32 | v1.16:16=v2.16 v1.0:16=v3.0 v1.32:32=0")                                  \
    X("vinsertf128 ymm1, ymm2, xmm1, 1",                                               \
      "v32 | tmp.0:16=v1.0 v1.0:16=v2.0 v1.16:16=tmp.0 v1.32:32=0")                    \
    X("vextracti128 xmm1, ymm2, 1", "v32 | v1.0:16=v2.16 v1.16:48=0")                  \
    X("vextractf128 [rbx], ymm1, 1", "v32 W16[rbx] | m0:16=v1.16")                     \
    X("vbroadcastss xmm1, [rbx]",                                                      \
      "v16 R4[rbx] | v1.0:4=m0 v1.4:4=v1.0 v1.8:8=v1.0 v1.16:48=0")                    \
    X("vbroadcastss ymm1, xmm2",                                                       \
      "v32 | v1.0:4=v2.0 v1.4:4=v1.0 v1.8:8=v1.0 v1.16:16=v1.0 v1.32:32=0")            \
    X("vbroadcastsd ymm1, [rbx]",                                                      \
      "v32 R8[rbx] | v1.0:8=m0 v1.8:8=v1.0 v1.16:16=v1.0 v1.32:32=0")                  \
    X("vbroadcasti128 ymm1, [rbx]",                                                    \
      "v32 R16[rbx] | v1.0:16=m0 v1.16:16=v1.0 v1.32:32=0")                            \
    X("vbroadcastf128 ymm1, [rbx]",                                                    \
      "v32 R16[rbx] | v1.0:16=m0 v1.16:16=v1.0 v1.32:32=0")                            \
    X("vpbroadcastw xmm1, [rbx]",                                                      \
      "v16 R2[rbx] | v1.0:2=m0 v1.2:2=v1.0 v1.4:4=v1.0 v1.8:8=v1.0 v1.16:48=0")        \
    X("vpbroadcastb xmm1, [rbx]", "v16 R1[rbx] | v1.0:64=0")                           \
    X("vpbroadcastq xmm1, xmm2", "v16 | v1.0:8=v2.0 v1.8:8=v1.0 v1.16:48=0")           \
    X("vzeroupper",                                                                    \
      "| v0.16:48=0 v1.16:48=0 v2.16:48=0 v3.16:48=0 v4.16:48=0 v5.16:48=0 "           \
      "v6.16:48=0 v7.16:48=0 v8.16:48=0 v9.16:48=0 v10.16:48=0 v11.16:48=0 "           \
      "v12.16:48=0 v13.16:48=0 v14.16:48=0 v15.16:48=0")                               \
    X("vzeroall", "| v0.0:1024=0")                                                     \
    /* computing */                                                                    \
    X("addss xmm1, xmm2", "v16 | v1.0:16=0")                                           \
    X("addps xmm1, [rbx]", "v16 R16[rbx] | v1.0:16=0")                                 \
    X("addsd xmm1, qword ptr [rbx]", "v16 R8[rbx] | v1.0:16=0")                        \
    X("pxor xmm1, xmm1", "v16 | v1.0:16=0")                                            \
    X("pshufd xmm1, xmm2, 0x4e", "v16 | v1.0:16=0")                                    \
    X("cvtsi2sd xmm1, rax", "v16 | v1.0:16=0")                                         \
    X("cvttss2si eax, [rbx]", "R4[rbx] | rax.0:8=0")                                   \
    X("pmovmskb eax, xmm1", "v16 | rax.0:8=0")                                         \
    X("pmovzxbw xmm1, [rbx]", "v16 R8[rbx] | v1.0:16=0")                               \
    X("pcmpistri xmm1, [rbx], 3", "v16 R16[rbx] | rcx.0:8=0")                          \
    X("vaddps ymm1, ymm2, [rbx]", "v32 R32[rbx] | v1.0:64=0")                          \
    X("vaddsd xmm1, xmm2, [rbx]", "v16 R8[rbx] | v1.0:64=0")                           \
    X("vpxor xmm1, xmm1, xmm1", "v16 | v1.0:64=0")                                     \
    X("vpermq ymm1, ymm2, 0x4e", "v32 | v1.0:64=0")                                    \
    X("vpalignr ymm1, ymm2, [rbx], 8", "v32 R32[rbx] | v1.0:64=0")                     \
    X("vmovddup ymm1, [rbx]", "v32 R32[rbx] | v1.0:64=0")                              \
    X("vcvtpd2ps xmm1, ymmword ptr [rbx]", "v32 R32[rbx] | v1.0:64=0")                 \
    X("vptest ymm1, [rbx]", "v32 R32[rbx] |")                                          \
    X("vpmaskmovd ymm1, ymm2, [rbx]", "unsupported v32 | v1.0:64=0")                   \
    X("vmaskmovps [rbx], ymm1, ymm2", "unsupported v32 |")                             \
    X("maskmovdqu xmm1, xmm2", "unsupported v16 |")                                    \
    X("vpgatherdd ymm1, [rbx + ymm2*4], ymm3", "unsupported v32 | v1.0:64=0 "          \
                                               "v3.0:64=0")

#endif
