using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetCnn.Torch;

/// <summary>A number beside tensors: an integer or a floating-point one, which decides the result's type as in PyTorch.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly long isFloating;
    private readonly long bits;

    private Scalar(long isFloating, long bits)
    {
        this.isFloating = isFloating;
        this.bits = bits;
    }

    /// <summary>Whether the number is a floating-point one.</summary>
    public bool IsFloatingPoint => isFloating != 0;

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(0, value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(float value) => (double)value;

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(double value) => new(1, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Equality of kind and value.</summary>
    public static bool operator ==(Scalar left, Scalar right) => left.Equals(right);

    /// <summary>Inequality of kind or value.</summary>
    public static bool operator !=(Scalar left, Scalar right) => !left.Equals(right);

    /// <summary>The number as a double.</summary>
    public double ToDouble() => IsFloatingPoint ? BitConverter.Int64BitsToDouble(bits) : bits;

    /// <summary>The number as an integer; a fraction is cut off.</summary>
    public long ToInt64() => IsFloatingPoint ? (long)BitConverter.Int64BitsToDouble(bits) : bits;

    /// <inheritdoc/>
    public bool Equals(Scalar other) => isFloating == other.isFloating && bits == other.bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(isFloating, bits);

    /// <inheritdoc/>
    public override string ToString() => IsFloatingPoint ? ToDouble().ToString(CultureInfo.InvariantCulture) : bits.ToString(CultureInfo.InvariantCulture);
}
