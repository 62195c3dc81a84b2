namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>NVIDIA GPUs.</summary>
    public static class cuda
    {
        /// <summary>Whether this libtorch sees a GPU.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>How many GPUs this libtorch sees.</summary>
        public static int device_count()
        {
            Check(mnc_cuda_device_count(out var count));
            return count;
        }

        /// <summary>Whether a GPU computes with bfloat16 (compute capability 8 and later): elsewhere it is emulated, slower than float32.</summary>
        /// <param name="device">The GPU's number.</param>
        public static bool is_bf16_supported(int device = 0)
        {
            Check(mnc_cuda_is_bf16_supported(device, out var result));
            return result;
        }

        /// <summary>Waits until the current GPU has done all that was asked of it.</summary>
        /// <exception cref="TorchException">There is no GPU.</exception>
        public static void synchronize() => Check(mnc_cuda_synchronize());
    }

    /// <summary>The switches of the libraries under libtorch, for the whole process.</summary>
    public static class backends
    {
        private readonly record struct Switches(bool MatmulTf32, bool CudnnTf32, bool Benchmark, bool Deterministic);

        private static Switches Current
        {
            get
            {
                Check(mnc_get_backend_switches(out var matmul, out var convolutions, out var benchmark, out var deterministic));
                return new(matmul, convolutions, benchmark, deterministic);
            }
            set => Check(mnc_set_backend_switches(value.MatmulTf32, value.CudnnTf32, value.Benchmark, value.Deterministic));
        }

        /// <summary>cuBLAS.</summary>
        public static class cuda
        {
            /// <summary>Matrix products.</summary>
            public static class matmul
            {
                /// <summary>Whether float32 matrix products may use TF32: a third of the precision, several times the speed.</summary>
                public static bool allow_tf32
                {
                    get => Current.MatmulTf32;
                    set => Current = Current with { MatmulTf32 = value };
                }
            }
        }

        /// <summary>cuDNN.</summary>
        public static class cudnn
        {
            /// <summary>Whether float32 convolutions may use TF32.</summary>
            public static bool allow_tf32
            {
                get => Current.CudnnTf32;
                set => Current = Current with { CudnnTf32 = value };
            }

            /// <summary>Whether cuDNN tries its algorithms for each new shape and keeps the fastest.</summary>
            public static bool benchmark
            {
                get => Current.Benchmark;
                set => Current = Current with { Benchmark = value };
            }

            /// <summary>Whether cuDNN uses only algorithms that give the same bits every time.</summary>
            public static bool deterministic
            {
                get => Current.Deterministic;
                set => Current = Current with { Deterministic = value };
            }
        }
    }
}
