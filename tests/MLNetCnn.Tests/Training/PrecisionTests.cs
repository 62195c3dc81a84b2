using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

/// <summary>bfloat16 is emulated, many times slower than float32, where the processor does not compute with it.</summary>
public class PrecisionTests
{
    private static readonly bool ProcessorHasIt = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ').Contains("avx512_bf16");

    [Fact]
    public void Bfloat16_applies_where_the_processor_computes_with_it()
    {
        var expected = ProcessorHasIt ? Precision.BFloat16 : Precision.Float32;
        Assert.Equal(expected, new ImageClassificationTrainer.Options { Arch = "lenet-5", Device = "cpu", Precision = Precision.BFloat16 }.Applied().Precision);
        Assert.Equal(ProcessorHasIt ? torch.bfloat16 : torch.float32, Devices.Arithmetic(Precision.BFloat16, torch.CPU));
        Assert.Equal(ProcessorHasIt ? torch.bfloat16 : torch.float32, Devices.Arithmetic(precision: null, torch.CPU));
    }

    [Fact]
    public void Float32_applies_wherever_it_is_asked_for()
    {
        Assert.Equal(Precision.Float32, new ImageClassificationTrainer.Options { Arch = "lenet-5", Device = "cpu" }.Applied().Precision);
        Assert.Equal(torch.float32, Devices.Arithmetic(Precision.Float32, torch.CPU));
    }
}
