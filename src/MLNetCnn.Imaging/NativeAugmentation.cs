using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging;

/// <summary>mni::Step.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeStep
{
    private const int Values = 6;

    private int _kind;
    private int _fillMode;
    private int _interpolation;
    private double _fillValue;
    private double _probability;
    private fixed double _values[Values];

    public static NativeStep Of(AugmentationStep step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step.Values.Count, Values, nameof(step));
        var result = new NativeStep
        {
            _kind = (int)step.Kind,
            _fillMode = (int)step.FillMode,
            _interpolation = (int)step.Interpolation,
            _fillValue = step.FillValue,
            _probability = step.Probability,
        };
        for (var i = 0; i < step.Values.Count; i++)
        {
            result._values[i] = step.Values[i];
        }

        return result;
    }

    public readonly AugmentationOperation ToOperation()
    {
        fixed (double* values = _values)
        {
            return new AugmentationOperation((AugmentationKind)_kind, new ReadOnlySpan<double>(values, Values).ToArray());
        }
    }
}

/// <summary>mni::Batch.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBatch
{
    public byte* Images;
    public long* Rows;
    public long* Labels;
    public long* Places;
    public long Population;
    public long Count;
    public int Height;
    public int Width;
    public int Channels;
    public int Classes;
    public long Seed;
}

/// <summary>mni::Output.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOutput
{
    public float* Floats;
    public byte* Bytes;
    public float* Scale;
    public float* Shift;
    public float* Targets;
    public long* Labels;
    public int ChannelsLast;
}
