using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary><c>input · weightsᵀ + bias</c>: <c>[*, in]</c> to <c>[*, out]</c>.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Owned(mnc_linear(input, weights, bias, out var result), result);

            /// <summary>Convolution of <c>[N, in, H, W]</c> by <c>[out, in / groups, kH, kW]</c>; null stands for 1 (padding: 0).</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Owned(mnc_conv2d(input, weight, bias, Two(strides, 1), Two(padding, 0), Two(dilation, 1), groups, out var result), result);

            /// <summary>Convolution whose output has the input's height and width (<see cref="Padding.Same"/>), or no padding.</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias, long[]? strides, Padding padding, long[]? dilation = null, long groups = 1) =>
                Owned(mnc_conv2d(input, weight, bias, Two(strides, 1), padding == Padding.Same ? [] : Two(null, 0), Two(dilation, 1), groups, out var result), result);

            /// <summary>The transpose of a convolution: <c>[N, in, H, W]</c> by <c>[in, out / groups, kH, kW]</c>.</summary>
            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long groups = 1, long[]? dilation = null) =>
                Owned(mnc_conv_transpose2d(input, weight, bias, Two(strides, 1), Two(padding, 0), Two(output_padding, 0), groups, Two(dilation, 1), out var result), result);

            /// <summary>Batch normalisation per channel (Ioffe and Szegedy, 2015); updates the running statistics in training.</summary>
            /// <exception cref="TorchException">In training there is only one value per channel.</exception>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                batch_norm(input, running_mean, running_var, weight, bias, null, Rectifier.None, training, momentum, eps);

            /// <summary>The same with a sum and a rectifier after it, in one pass where the memory's layout allows.</summary>
            internal static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight, Tensor? bias, Tensor? shortcut, Rectifier rectifier, bool training, double momentum, double eps) =>
                Owned(mnc_batch_norm(input, weight, bias, running_mean, running_var, shortcut, (int)rectifier, training, momentum, eps, out var result), result);

            /// <summary>Normalisation over the last dimensions (Ba et al., 2016).</summary>
            public static Tensor layer_norm(Tensor input, ReadOnlySpan<long> normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Owned(mnc_layer_norm(input, normalized_shape, normalized_shape.Length, weight, bias, eps, out var result), result);

            /// <summary>The largest of each window; the stride is the window's size by default.</summary>
            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var kernel = Two(kernel_size, 1);
                return Owned(mnc_max_pool2d(input, kernel, strides is null ? kernel : Two(strides, 1), Two(padding, 0), Two(dilation, 1), ceil_mode, out var result), result);
            }

            /// <summary>The mean of each window; the stride is the window's size by default.</summary>
            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                var kernel = Two(kernel_size, 1);
                return Owned(mnc_avg_pool2d(input, kernel, strides is null ? kernel : Two(strides, 1), Two(padding, 0), ceil_mode, count_include_pad, divisor_override ?? 0, out var result), result);
            }

            /// <summary>Means over windows such that the output is <c>[N, C, height, width]</c>.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, (long height, long width) output_size) =>
                Owned(mnc_adaptive_avg_pool2d(input, output_size.height, output_size.width, out var result), result);

            /// <summary>Maxima over windows such that the output is <c>[N, C, height, width]</c>.</summary>
            public static Tensor adaptive_max_pool2d(Tensor input, (long height, long width) output_size) =>
                Owned(mnc_adaptive_max_pool2d(input, output_size.height, output_size.width, out var result), result);

            /// <summary>Borders around the last dimensions, the last first: <c>[left, right, top, bottom]</c>.</summary>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var name = mode switch
                {
                    PaddingModes.Reflect => "reflect",
                    PaddingModes.Replicate => "replicate",
                    PaddingModes.Circular => "circular",
                    _ => "constant",
                };
                return Owned(mnc_pad(input, pad, pad.Length, name, value, out var result), result);
            }

            /// <summary>
            /// Images <c>[N, C, H, W]</c> resized to <paramref name="size"/>, or by <paramref name="scale_factor"/>: to the whole number
            /// of pixels below, from which the scale is taken again, as PyTorch does with <c>recompute_scale_factor</c>.
            /// </summary>
            /// <exception cref="ArgumentException">Not exactly one of size and scale is given.</exception>
            public static Tensor interpolate(Tensor x, (long height, long width)? size = null, (double height, double width)? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool align_corners = false)
            {
                var (height, width) = (size, scale_factor) switch
                {
                    ({ } target, null) => target,
                    (null, { } scale) => ((long)(x.size(2) * scale.height), (long)(x.size(3) * scale.width)),
                    _ => throw new ArgumentException("interpolation takes either a size or a scale factor"),
                };
                return Owned(mnc_interpolate(x, height, width, (int)mode, align_corners, out var result), result);
            }

            /// <summary>Zeroes elements at probability <paramref name="p"/> and scales the rest up (Srivastava et al., 2014).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Owned(mnc_dropout(input, p, training, false, inplace, out var result), result);

            /// <summary>Zeroes whole channels at probability <paramref name="p"/> and scales the rest up (Tompson et al., 2015).</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Owned(mnc_dropout(input, p, training, true, inplace, out var result), result);

            /// <summary>A 1 at each class and 0 elsewhere: int64 <c>[*]</c> to <c>[*, classes]</c>; -1 counts the classes from the data.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Owned(mnc_one_hot(x, num_classes, out var result), result);

            private static ReadOnlySpan<long> Two(long[]? values, long otherwise) => values switch
            {
                null => otherwise == 0 ? Zeros : Ones,
                [var both] => new long[] { both, both },
                [_, _] => values,
                _ => throw new ArgumentException($"one or two numbers are needed (height, width), not {values.Length}"),
            };

            private static readonly long[] Zeros = [0, 0];
            private static readonly long[] Ones = [1, 1];
        }
    }
}
