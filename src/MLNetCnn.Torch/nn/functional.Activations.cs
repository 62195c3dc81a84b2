namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>max(0, x).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.alias().relu_() : x.relu();

            /// <summary>min(max(0, x), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) =>
                inplace && !(x.dtype == ScalarType.BFloat16 && x.requires_grad && x.device.type == DeviceType.CPU) ? x.alias().relu6_() : x.relu6();

            /// <summary>x where positive, <paramref name="negative_slope"/> · x elsewhere.</summary>
            public static Tensor leaky_relu(Tensor x, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? x.alias().leaky_relu_(negative_slope) : x.leaky_relu(negative_slope);

            /// <summary>x where positive, <paramref name="alpha"/> · (exp(x) - 1) elsewhere.</summary>
            public static Tensor elu(Tensor x, double alpha = 1, bool inplace = false) => inplace ? x.alias().elu_(alpha) : x.elu(alpha);

            /// <summary>x · sigmoid(x).</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.alias().silu_() : x.silu();

            /// <summary>x · Φ(x).</summary>
            public static Tensor gelu(Tensor x, bool tanh_approximation = false) => x.gelu(tanh_approximation);

            /// <summary>x · relu6(x + 3) / 6.</summary>
            public static Tensor hardswish(Tensor x, bool inplace = false) => inplace ? x.alias().hardswish_() : x.hardswish();

            /// <summary>relu6(x + 3) / 6.</summary>
            public static Tensor hardsigmoid(Tensor x, bool inplace = false) => inplace ? x.alias().hardsigmoid_() : x.hardsigmoid();

            /// <summary>1 / (1 + exp(-x)).</summary>
            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            /// <summary>The hyperbolic tangent.</summary>
            public static Tensor tanh(Tensor x) => x.tanh();

            /// <summary>log(1 + exp(beta · x)) / beta.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);

            /// <summary>Positive numbers that sum to 1 along <paramref name="dim"/>.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            /// <summary>The logarithm of softmax, without its overflow.</summary>
            public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);
        }
    }
}
