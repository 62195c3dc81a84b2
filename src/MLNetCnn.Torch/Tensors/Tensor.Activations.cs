namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>max(0, x).</summary>
        public Tensor relu() => Owned(mnc_relu(this, out var result), result);

        /// <summary>max(0, x), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor relu_() => Done(mnc_relu_(this));

        /// <summary>min(max(0, x), 6).</summary>
        public Tensor relu6() => Owned(mnc_relu6(this, out var result), result);

        /// <summary>min(max(0, x), 6), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor relu6_() => Done(mnc_relu6_(this));

        /// <summary>x · sigmoid(x).</summary>
        public Tensor silu() => Owned(mnc_silu(this, out var result), result);

        /// <summary>x · sigmoid(x), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor silu_() => Done(mnc_silu_(this));

        /// <summary>x · relu6(x + 3) / 6.</summary>
        public Tensor hardswish() => Owned(mnc_hardswish(this, out var result), result);

        /// <summary>x · relu6(x + 3) / 6, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor hardswish_() => Done(mnc_hardswish_(this));

        /// <summary>relu6(x + 3) / 6.</summary>
        public Tensor hardsigmoid() => Owned(mnc_hardsigmoid(this, out var result), result);

        /// <summary>relu6(x + 3) / 6, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor hardsigmoid_() => Done(mnc_hardsigmoid_(this));

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Owned(mnc_sigmoid(this, out var result), result);

        /// <summary>1 / (1 + exp(-x)), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor sigmoid_() => Done(mnc_sigmoid_(this));

        /// <summary>The hyperbolic tangent.</summary>
        public Tensor tanh() => Owned(mnc_tanh(this, out var result), result);

        /// <summary>The hyperbolic tangent, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor tanh_() => Done(mnc_tanh_(this));

        /// <summary>x where positive, <paramref name="negative_slope"/> · x elsewhere.</summary>
        public Tensor leaky_relu(double negative_slope = 0.01) => Owned(mnc_leaky_relu(this, negative_slope, out var result), result);

        /// <summary>x where positive, <paramref name="negative_slope"/> · x elsewhere, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor leaky_relu_(double negative_slope = 0.01) => Done(mnc_leaky_relu_(this, negative_slope));

        /// <summary>x where positive, <paramref name="alpha"/> · (exp(x) - 1) elsewhere.</summary>
        public Tensor elu(double alpha = 1) => Owned(mnc_elu(this, alpha, out var result), result);

        /// <summary>x where positive, <paramref name="alpha"/> · (exp(x) - 1) elsewhere, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor elu_(double alpha = 1) => Done(mnc_elu_(this, alpha));

        /// <summary>x · Φ(x), exact, or by its tanh approximation.</summary>
        public Tensor gelu(bool tanh_approximation = false) => Owned(mnc_gelu(this, tanh_approximation, out var result), result);

        /// <summary>log(1 + exp(<paramref name="beta"/> · x)) / <paramref name="beta"/>; x itself above <paramref name="threshold"/>.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => Owned(mnc_softplus(this, beta, threshold, out var result), result);

        /// <summary>Positive numbers that sum to 1 along <paramref name="dim"/>; computed as <paramref name="dtype"/> where given.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Owned(mnc_softmax(this, dim, (int?)dtype ?? -1, out var result), result);

        /// <summary>The logarithm of <see cref="softmax"/>, without its overflow.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Owned(mnc_log_softmax(this, dim, (int?)dtype ?? -1, out var result), result);
    }
}
