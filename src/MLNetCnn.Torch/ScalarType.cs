namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>The type of a tensor's elements; the values are libtorch's.</summary>
    public enum ScalarType
    {
        /// <summary>Unsigned 8 bits: pixels.</summary>
        Byte = 0,

        /// <summary>Signed 8 bits.</summary>
        Int8 = 1,

        /// <summary>Signed 16 bits.</summary>
        Int16 = 2,

        /// <summary>Signed 32 bits.</summary>
        Int32 = 3,

        /// <summary>Signed 64 bits: labels and indices.</summary>
        Int64 = 4,

        /// <summary>IEEE half precision.</summary>
        Float16 = 5,

        /// <summary>IEEE single precision, the default.</summary>
        Float32 = 6,

        /// <summary>IEEE double precision.</summary>
        Float64 = 7,

        /// <summary>True or false, one byte.</summary>
        Bool = 11,

        /// <summary>The upper 16 bits of a single.</summary>
        BFloat16 = 15,
    }

    /// <summary>Unsigned 8 bits.</summary>
    public const ScalarType uint8 = ScalarType.Byte;

    /// <summary>Signed 32 bits.</summary>
    public const ScalarType int32 = ScalarType.Int32;

    /// <summary>Signed 64 bits.</summary>
    public const ScalarType int64 = ScalarType.Int64;

    /// <summary>IEEE half precision.</summary>
    public const ScalarType float16 = ScalarType.Float16;

    /// <summary>IEEE single precision.</summary>
    public const ScalarType float32 = ScalarType.Float32;

    /// <summary>IEEE double precision.</summary>
    public const ScalarType float64 = ScalarType.Float64;

    /// <summary>The upper 16 bits of a single.</summary>
    public const ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>True or false.</summary>
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>How the elements of a tensor lie in memory.</summary>
    public enum memory_format
    {
        /// <summary>Row-major: <c>[N, C, H, W]</c> with W closest together.</summary>
        contiguous_format = 0,

        /// <summary>As the source has it.</summary>
        preserve_format = 1,

        /// <summary>The channels of a pixel side by side: <c>[N, C, H, W]</c> stored as <c>[N, H, W, C]</c>.</summary>
        channels_last = 2,
    }

    /// <summary>The channels of a pixel side by side: what convolutions on processors and tensor cores like best.</summary>
    public const memory_format channels_last = memory_format.channels_last;

    /// <summary>Row-major.</summary>
    public const memory_format contiguous_format = memory_format.contiguous_format;

    /// <summary>The bytes of one element.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The element type of libtorch that holds <typeparamref name="T"/>.</summary>
    internal static ScalarType ScalarTypeOf<T>()
        where T : unmanaged =>
        default(T) switch
        {
            byte => ScalarType.Byte,
            sbyte => ScalarType.Int8,
            short => ScalarType.Int16,
            int => ScalarType.Int32,
            long => ScalarType.Int64,
            Half => ScalarType.Float16,
            float => ScalarType.Float32,
            double => ScalarType.Float64,
            bool => ScalarType.Bool,
            _ => throw new ArgumentException($"no tensor holds elements of type {typeof(T).Name}: use byte, sbyte, short, int, long, Half, float, double or bool"),
        };
}
