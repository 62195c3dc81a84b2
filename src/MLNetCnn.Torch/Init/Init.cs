namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// Initial weights. Every function overwrites its tensor in place, outside of autograd, and returns it. Weights have the
        /// shape <c>[outputs, inputs, …kernel]</c>; fan-in is inputs × kernel size, fan-out outputs × kernel size.
        /// </summary>
        public static partial class init
        {
            // The standard deviation of a normal distribution cut at two of its own.
            private const double TruncatedDeviation = 0.87962566103423978;

            /// <summary>Which number of connections keeps its variance: forward (inputs) or backward (outputs).</summary>
            public enum FanInOut
            {
                /// <summary>The inputs of a unit.</summary>
                FanIn,

                /// <summary>The outputs that an input reaches.</summary>
                FanOut,
            }

            /// <summary>What follows the layer; decides the gain.</summary>
            public enum NonlinearityType
            {
                /// <summary>Nothing: gain 1.</summary>
                Linear,

                /// <summary>ReLU: gain √2.</summary>
                ReLU,

                /// <summary>Leaky ReLU of slope a: gain √(2 / (1 + a²)).</summary>
                LeakyReLU,

                /// <summary>Sigmoid: gain 1.</summary>
                Sigmoid,

                /// <summary>Hyperbolic tangent: gain 5/3.</summary>
                Tanh,
            }

            /// <summary>The factor by which <paramref name="nonlinearity"/> shrinks a standard deviation, inverted.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.01) => nonlinearity switch
            {
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                NonlinearityType.Tanh => 5.0 / 3,
                _ => 1,
            };

            /// <summary>Zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Ones.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary><paramref name="val"/> everywhere.</summary>
            public static Tensor constant_(Tensor tensor, double val)
            {
                Check(mnc_fill_(tensor, val));
                return tensor;
            }

            /// <summary>Normal numbers.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                return tensor.normal_(mean, std);
            }

            /// <summary>Uniform numbers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                return tensor.uniform_(low, high);
            }

            /// <summary>Normal numbers that fall in [<paramref name="a"/>, <paramref name="b"/>].</summary>
            /// <exception cref="ArgumentException">The interval is empty.</exception>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2)
            {
                if (!(a < b && std > 0))
                {
                    throw new ArgumentException(FormattableString.Invariant($"no normal number of standard deviation {std} falls in [{a}, {b}]: std must be above 0 and a below b"));
                }

                Check(mnc_trunc_normal_(tensor, mean, std, a, b));
                return tensor;
            }

            /// <summary>He's initialization (He et al. 2015), normal.</summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));

            /// <summary>He's initialization (He et al. 2015), uniform.</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                Symmetric(tensor, calculate_gain(nonlinearity, a) * Math.Sqrt(3 / Fan(tensor, mode)));

            /// <summary>Glorot's initialization (Glorot and Bengio 2010), normal.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) =>
                normal_(tensor, 0, gain * Math.Sqrt(2 / (Fan(tensor, FanInOut.FanIn) + Fan(tensor, FanInOut.FanOut))));

            /// <summary>Glorot's initialization (Glorot and Bengio 2010), uniform: Keras's default.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1) =>
                Symmetric(tensor, gain * Math.Sqrt(6 / (Fan(tensor, FanInOut.FanIn) + Fan(tensor, FanInOut.FanOut))));

            /// <summary>LeCun's initialization (LeCun et al. 1998), normal and cut at two standard deviations, as in Keras.</summary>
            public static Tensor lecun_normal_(Tensor tensor) => Truncated(tensor, Math.Sqrt(1 / Fan(tensor, FanInOut.FanIn)));

            /// <summary>LeCun's initialization (LeCun et al. 1998), uniform.</summary>
            public static Tensor lecun_uniform_(Tensor tensor) => Symmetric(tensor, Math.Sqrt(3 / Fan(tensor, FanInOut.FanIn)));

            /// <summary>He's initialization as Keras has it: normal, cut at two standard deviations.</summary>
            public static Tensor he_normal_(Tensor tensor) => Truncated(tensor, Math.Sqrt(2 / Fan(tensor, FanInOut.FanIn)));

            private static Tensor Symmetric(Tensor tensor, double bound) => uniform_(tensor, -bound, bound);

            private static Tensor Truncated(Tensor tensor, double std)
            {
                var wider = std / TruncatedDeviation;
                return trunc_normal_(tensor, 0, wider, -2 * wider, 2 * wider);
            }

            private static double Fan(Tensor tensor, FanInOut mode)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                var shape = tensor.shape;
                return shape.Length >= 2
                    ? (mode == FanInOut.FanIn ? shape[1] : shape[0]) * shape.Skip(2).Aggregate(1.0, (product, length) => product * length)
                    : throw new ArgumentException($"{tensor} has no fan-in and fan-out: it takes at least 2 dimensions");
            }
        }
    }
}
