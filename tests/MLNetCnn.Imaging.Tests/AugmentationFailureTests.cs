namespace MLNetCnn.Imaging.Tests;

public unsafe class AugmentationFailureTests
{
    // More than processors can address. The images themselves are never read.
    [Fact]
    public void Memory_that_runs_out_in_a_thread_of_the_pool_is_an_exception_of_the_caller()
    {
        const int Side = 1_000_000_000;
        const int Count = 4;
        long* numbers = stackalloc long[Count];
        numbers[0] = numbers[1] = numbers[2] = numbers[3] = 0;
        var batch = new NativeBatch { Rows = numbers, Labels = numbers, Places = numbers, Population = 1, Count = Count, Height = Side, Width = Side, Channels = 1, Classes = 1 };
        var output = default(NativeOutput);
        var status = Native.mni_augment(&batch, null, 0, &output);
        Assert.Contains("bad_alloc", Assert.ThrowsAny<Exception>(() => Native.Check(status)).Message, StringComparison.Ordinal);
    }
}
