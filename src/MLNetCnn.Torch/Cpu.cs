using System.Runtime.Intrinsics.X86;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static class cpu
    {
        /// <summary>Whether the processor computes with bfloat16 (AVX512_BF16): elsewhere it is emulated, many times slower than float32.</summary>
        public static bool is_bf16_supported()
        {
            // Leaf 7, part 1, bit 5 of EAX (Intel, Architecture Instruction Set Extensions, 319433).
            const int FeatureLeaf = 7;
            const int BFloat16Bit = 5;
            return X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= FeatureLeaf && (X86Base.CpuId(FeatureLeaf, 1).Eax >> BFloat16Bit & 1) == 1;
        }
    }
}
