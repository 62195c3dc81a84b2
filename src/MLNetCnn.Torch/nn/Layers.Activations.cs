using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>max(0, x).</summary>
        public static ReLU ReLU(bool inplace = false) => new(inplace);

        /// <summary>min(max(0, x), 6).</summary>
        public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

        /// <summary>x where positive, negative_slope · x elsewhere (Maas et al., 2013).</summary>
        public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

        /// <summary>x where positive, alpha · (exp(x) - 1) elsewhere (Clevert et al., 2016).</summary>
        public static ELU ELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

        /// <summary>x · sigmoid(x) (Ramachandran et al., 2017).</summary>
        public static SiLU SiLU(bool inplace = false) => new(inplace);

        /// <summary>x · relu6(x + 3) / 6 (Howard et al., 2019).</summary>
        public static Hardswish Hardswish(bool inplace = false) => new(inplace);

        /// <summary>relu6(x + 3) / 6.</summary>
        public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

        /// <summary>x · Φ(x) (Hendrycks and Gimpel, 2016).</summary>
        public static GELU GELU(bool tanh_approximation = false) => new(tanh_approximation);

        /// <summary>1 / (1 + exp(-x)).</summary>
        public static Sigmoid Sigmoid() => new();

        /// <summary>The hyperbolic tangent.</summary>
        public static Tanh Tanh() => new();

        /// <summary>Positive numbers that sum to 1 along dim.</summary>
        public static Softmax Softmax(long dim) => new(dim);
    }
}
