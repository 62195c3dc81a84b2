using System.Globalization;
using System.Runtime.CompilerServices;
using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A tensor that a module learns.</summary>
        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        /// <summary>A convolution of <c>[N, in_channels, H, W]</c> by square windows.</summary>
        /// <param name="in_channels">The number of channels that come in.</param>
        /// <param name="out_channels">The number of channels that go out.</param>
        /// <param name="kernel_size">The window's height and width.</param>
        /// <param name="stride">The step.</param>
        /// <param name="padding">The border on each side, of zeros.</param>
        /// <param name="dilation">The distance between the window's points.</param>
        /// <param name="groups">Into how many independent groups the channels fall; <paramref name="in_channels"/>: depthwise.</param>
        /// <param name="bias">Whether there is a bias.</param>
        /// <param name="device">Where the parameters live.</param>
        /// <param name="dtype">The type of the parameters.</param>
        [OverloadResolutionPriority(1)] // A literal 0 would fit the enumeration of the other overload as well.
        public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Square(kernel_size), Square(stride), Square(padding), null, Square(dilation), groups, bias, device, dtype);

        /// <summary>A convolution by windows of any height and width; null stands for 1 (padding: 0).</summary>
        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Array(kernel_size), Array(stride ?? (1, 1)), Array(padding ?? (0, 0)), null, Array(dilation ?? (1, 1)), groups, bias, device, dtype);

        /// <summary>A convolution by square windows whose output is as large as the input, or that has no padding.</summary>
        public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Square(kernel_size), Square(stride), Square(0), padding, Square(dilation), groups, bias, device, dtype);

        /// <summary>A convolution by windows of any height and width whose output is as large as the input, or that has no padding.</summary>
        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null, (long, long)? dilation = null, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Array(kernel_size), Array(stride ?? (1, 1)), Square(0), padding, Array(dilation ?? (1, 1)), groups, bias, device, dtype);

        /// <summary>The transpose of a convolution: <c>[N, in_channels, H, W]</c> to a larger image.</summary>
        public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Square(kernel_size), Square(stride), Square(padding), Square(output_padding), Square(dilation), groups, bias, device, dtype);

        /// <summary>The transpose of a convolution by windows of any height and width.</summary>
        public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null, (long, long)? dilation = null, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Array(kernel_size), Array(stride ?? (1, 1)), Array(padding ?? (0, 0)), Array(output_padding ?? (0, 0)), Array(dilation ?? (1, 1)), groups, bias, device, dtype);

        /// <summary>A fully connected layer: <c>[*, inputSize]</c> to <c>[*, outputSize]</c>.</summary>
        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, hasBias, device, dtype);

        /// <summary>Batch normalisation of <c>[N, features, H, W]</c>.</summary>
        /// <param name="features">The number of channels.</param>
        /// <param name="eps">What is added to the variance.</param>
        /// <param name="momentum">The share of a batch in the running statistics.</param>
        /// <param name="affine">Whether scale and shift are learnt.</param>
        /// <param name="track_running_stats">Whether running statistics are kept for evaluation.</param>
        /// <param name="device">Where the parameters live.</param>
        /// <param name="dtype">The type of the parameters.</param>
        public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        /// <summary>Batch normalisation of <c>[N, features]</c> or <c>[N, features, L]</c>.</summary>
        public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        /// <summary>Normalisation of each sample over its last dimensions.</summary>
        public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

        /// <summary>Normalisation of each sample over its last dimension.</summary>
        public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-5, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

        /// <summary>Zeroes elements at probability <paramref name="p"/> in training.</summary>
        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <summary>Zeroes whole channels at probability <paramref name="p"/> in training.</summary>
        public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <summary>The largest of each square window; the stride is the window's size by default.</summary>
        public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
            new(Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0), Square(dilation ?? 1), ceil_mode);

        /// <summary>The largest of each window; the stride is the window's size by default.</summary>
        public static MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
            new(Array(kernel_size), Array(stride ?? kernel_size), Array(padding ?? (0, 0)), Array(dilation ?? (1, 1)), ceil_mode);

        /// <summary>The mean of each square window; the stride is the window's size by default.</summary>
        public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Square(kernel_size), Square(stride ?? kernel_size), Square(padding ?? 0), ceil_mode, count_include_pad, divisor_override);

        /// <summary>The mean of each window; the stride is the window's size by default.</summary>
        public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Array(kernel_size), Array(stride ?? kernel_size), Array(padding ?? (0, 0)), ceil_mode, count_include_pad, divisor_override);

        /// <summary>Means over windows such that the output is <paramref name="outputSize"/> high and wide.</summary>
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new((outputSize, outputSize));

        /// <summary>Means over windows such that the output has a given height and width.</summary>
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new(outputSize);

        /// <summary>Maxima over windows such that the output is <paramref name="outputSize"/> high and wide.</summary>
        public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long outputSize) => new((outputSize, outputSize));

        /// <summary>Maxima over windows such that the output has a given height and width.</summary>
        public static AdaptiveMaxPool2d AdaptiveMaxPool2d((long, long) outputSize) => new(outputSize);

        /// <summary>The dimensions from <paramref name="start_dim"/> to <paramref name="end_dim"/> as one.</summary>
        public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

        /// <summary>The input as it is.</summary>
        public static Identity Identity() => new();

        /// <summary>A border of <paramref name="padding"/> zeros on each side.</summary>
        public static ZeroPad2d ZeroPad2d(long padding) => new([padding, padding, padding, padding]);

        /// <summary>A border of zeros: left, right, top, bottom.</summary>
        public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4]);

        /// <summary>Modules one after another, called 0, 1, ...</summary>
        public static Sequential Sequential(params IEnumerable<Module<Tensor, Tensor>> modules) =>
            new(modules.Select((module, i) => (i.ToString(CultureInfo.InvariantCulture), module)));

        /// <summary>Modules one after another, with names.</summary>
        public static Sequential Sequential(params IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);

        /// <summary>A list of modules, called 0, 1, ...</summary>
        public static ModuleList<T> ModuleList<T>(params IEnumerable<T> modules)
            where T : Module => new(modules);

        private static long[] Square(long value) => [value, value];

        private static long[] Array((long, long) pair) => [pair.Item1, pair.Item2];
    }
}
