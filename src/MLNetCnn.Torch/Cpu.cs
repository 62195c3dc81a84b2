namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static class cpu
    {
        /// <summary>Whether the processor computes with bfloat16 (AVX512_BF16): elsewhere it is emulated, many times slower than float32.</summary>
        public static bool is_bf16_supported() => mnc_cpu_is_bf16_supported();
    }
}
