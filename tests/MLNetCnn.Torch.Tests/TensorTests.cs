namespace MLNetCnn.Torch.Tests;

public class TensorTests
{
    [Fact]
    public void A_tensor_holds_the_values_it_was_made_of()
    {
        using var scope = NewDisposeScope();
        var tensor = torch.tensor(new[] { 1f, 2, 3, 4, 5, 6 }, [2, 3]);
        Assert.Equal([2, 3], tensor.shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], tensor.ToArray<float>());
        Assert.Equal("float32 [2, 3] on cpu", tensor.ToString());
        Assert.Equal(torch.int64, arange(5).dtype);
        Assert.Equal(2.5, torch.tensor(2.5).item<double>());
    }
}
