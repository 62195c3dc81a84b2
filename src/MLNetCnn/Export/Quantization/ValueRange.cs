namespace MLNetCnn.Export.Quantization;

/// <summary>The values that a tensor takes.</summary>
internal readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>
    /// What maps the range onto 0 to 255: real = scale · (integer − zero point). The range is widened to hold zero, so that zero,
    /// which convolutions pad with, is exact (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
    /// Integer-Arithmetic-Only Inference", section 2.1 and 3).
    /// </summary>
    public (float Scale, byte ZeroPoint) ToUInt8()
    {
        var (min, max) = (Math.Min(0, Min), Math.Max(0, Max));
        var scale = (max - min) / byte.MaxValue;
        return !float.IsNormal(scale) ? (1, 0) : (scale, (byte)Math.Clamp(MathF.Round(-min / scale), 0, byte.MaxValue));
    }
}
