using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>
            /// Lets a convolution do what the BatchNorm right after it does in evaluation: the same numbers, one pass over memory less.
            /// In place, unlike PyTorch's <c>fuse_conv_bn_eval</c>, whose formula it is: the BatchNorm then passes its input on. Both
            /// must not be trained any more.
            /// </summary>
            /// <param name="conv">The convolution; gets a bias where it had none.</param>
            /// <param name="bn">The BatchNorm that takes the convolution's output, and is the only one to.</param>
            /// <exception cref="InvalidOperationException">The BatchNorm has no running statistics.</exception>
            public static void fuse_conv_bn_eval_(Conv2d conv, BatchNorm2d bn)
            {
                ArgumentNullException.ThrowIfNull(conv);
                ArgumentNullException.ThrowIfNull(bn);
                conv.Absorb(bn);
            }
        }
    }
}
