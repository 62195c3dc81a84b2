using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What is done to parameters as a whole.</summary>
        public static partial class utils
        {
            /// <summary>Scales the gradients of all <paramref name="tensors"/> so that their joint norm is at most <paramref name="max_norm"/>.</summary>
            /// <param name="tensors">Parameters; those without a gradient don't count.</param>
            /// <param name="max_norm">The largest norm allowed, above 0.</param>
            /// <param name="norm_type">Which norm: 2 by default, infinity for the largest element.</param>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max_norm);
                Parameter[] all = [.. tensors];
                Check(mnc_clip_grad_norm(Handles(all), all.Length, max_norm, norm_type, out var norm));
                GC.KeepAlive(all);
                return norm;
            }
        }
    }
}
