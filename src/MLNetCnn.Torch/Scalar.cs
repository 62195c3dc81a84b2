using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetCnn.Torch;

/// <summary>A number beside tensors: an integer or a floating-point one, which decides the result's type as in PyTorch.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly long _isFloating;
    private readonly long _bits;

    private Scalar(long isFloating, long bits)
    {
        _isFloating = isFloating;
        _bits = bits;
    }

    /// <summary>Whether the number is a floating-point one.</summary>
    public bool IsFloatingPoint => _isFloating != 0;

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
    public double ToDouble() => IsFloatingPoint ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    /// <summary>The number as an integer; a fraction is cut off.</summary>
    public long ToInt64() => IsFloatingPoint ? (long)BitConverter.Int64BitsToDouble(_bits) : _bits;

    /// <inheritdoc/>
    public bool Equals(Scalar other) => _isFloating == other._isFloating && _bits == other._bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_isFloating, _bits);

    /// <inheritdoc/>
    public override string ToString() => IsFloatingPoint ? ToDouble().ToString(CultureInfo.InvariantCulture) : _bits.ToString(CultureInfo.InvariantCulture);
}
