namespace MLNetCnn.Architectures.Blocks;

/// <summary>
/// A convolution that pads as TensorFlow's SAME does: where the zeros do not come out even, the right and the bottom get one more.
/// A 3×3 convolution of stride 2 pads even sizes there alone.
/// </summary>
internal sealed class SamePadConv2d : Module<Tensor, Tensor>
{
    private readonly long[] strides;
    private readonly long groups;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public SamePadConv2d(long channels, long filters, long kernel, long stride, long groups = 1, bool bias = false)
        : base("SamePadConv2d")
    {
        using var scope = NewDisposeScope();
        (strides, this.groups) = ([stride, stride], groups);
        weight = Parameter(empty([filters, channels / groups, kernel, kernel]));
        init.kaiming_uniform_(weight, Math.Sqrt(5));
        this.bias = bias ? Parameter(zeros([filters])) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (kernel, stride) = (weight.size(2), strides[0]);
        var (top, bottom) = Padding(input.size(2), kernel, stride);
        var (left, right) = Padding(input.size(3), kernel, stride);
        if (top == bottom && left == right)
        {
            return functional.conv2d(input, weight, bias, strides, [top, left], groups: groups);
        }

        using var padded = functional.pad(input, [left, right, top, bottom]);
        return functional.conv2d(padded, weight, bias, strides, groups: groups);
    }

    private static (long Before, long After) Padding(long size, long kernel, long stride)
    {
        var total = Math.Max(0, (((size + stride - 1) / stride - 1) * stride) + kernel - size);
        return (total / 2, total - (total / 2));
    }
}
