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

        /// <summary>Waits until the current GPU has done all that was asked of it.</summary>
        /// <exception cref="TorchException">There is no GPU.</exception>
        public static void synchronize() => Check(mnc_cuda_synchronize());
    }
}
