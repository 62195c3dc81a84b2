namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of a batch; the values are libtorch's.</summary>
        public enum Reduction
        {
            /// <summary>They stay as they are.</summary>
            None = 0,

            /// <summary>Their mean.</summary>
            Mean = 1,

            /// <summary>Their sum.</summary>
            Sum = 2,
        }

        /// <summary>How much padding a convolution gets.</summary>
        public enum Padding
        {
            /// <summary>None.</summary>
            Valid = 0,

            /// <summary>So much that the output is as large as the input (stride 1 only); an odd one more at right and bottom.</summary>
            Same = 1,
        }

        /// <summary>What a border is filled with.</summary>
        public enum PaddingModes
        {
            /// <summary>One value.</summary>
            Constant,

            /// <summary>The inside mirrored, without its edge.</summary>
            Reflect,

            /// <summary>The edge repeated.</summary>
            Replicate,

            /// <summary>The other side.</summary>
            Circular,
        }

        /// <summary>How images are resized; the values are the C ABI's.</summary>
        public enum InterpolationMode
        {
            /// <summary>The nearest pixel.</summary>
            Nearest = 0,

            /// <summary>Linear between four pixels.</summary>
            Bilinear = 1,

            /// <summary>Cubic between sixteen pixels.</summary>
            Bicubic = 2,

            /// <summary>The mean of the area.</summary>
            Area = 3,
        }
    }
}
