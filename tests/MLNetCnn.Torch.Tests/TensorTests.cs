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
        Assert.Equal([1f, 4, 2, 5, 3, 6], tensor.t().ToArray<float>());
        Assert.Equal("float32 [2, 3] on cpu", tensor.ToString());
        Assert.Equal(2.5, torch.tensor(2.5).item<double>());
        Assert.Equal(3, torch.tensor(3.7f).item<int>());
        tensor.data<float>()[5] = 60;
        Assert.Equal(60, tensor[1][2].item<float>());
        Assert.Equal([true, false], torch.tensor([true, false]).ToArray<bool>());
        Assert.Empty(zeros([0, 3]).ToArray<float>());
    }

    [Fact]
    public void Factories_give_the_types_and_values_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((torch.int64, float32, float32, torch.int64), (arange(5).dtype, arange(0, 1, 0.25).dtype, zeros([1]).dtype, full([2], 3).dtype));
        Assert.Equal([0L, 1, 2, 3, 4], arange(5).ToArray<long>());
        Assert.Equal([0f, 0.5f, 1], linspace(0, 1, 3).ToArray<float>());
        Assert.Equal([1f, 0, 0, 1], eye(2).ToArray<float>());
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6], randperm(7).sort().values.ToArray<long>());
        Assert.Equal(float64, torch.tensor([1, 2], float64).dtype);
        Assert.True(ones([3], requires_grad: true).requires_grad);
        Assert.Equal("byte [2, 3] on cpu", zeros_like(ones([2, 3]), uint8).ToString());
        Assert.Equal([3L, 3], ones([2], torch.int64).mul(3).ToArray<long>());
    }

    [Fact]
    public void Conversions_keep_values_across_types_and_layouts()
    {
        using var scope = NewDisposeScope();
        var image = arange(24).to(float32).view(1, 2, 3, 4);
        var last = image.to(channels_last);
        Assert.True(last.is_contiguous(channels_last));
        Assert.Equal([24, 1, 8, 2], last.stride());
        Assert.True(last.equal(image));
        Assert.True(last.contiguous().is_contiguous());
        Assert.True(image.to(bfloat16).to(float32).allclose(image));
        Assert.True(image.to(float64, null, channels_last).is_contiguous(channels_last));
        Assert.True(image.clone().copy_(image * 0 + 1).equal(ones_like(image)));
        Assert.Equal((8f, 8f), (torch.tensor([1f, 8]).max().item<float>(), zeros([1]).lerp_(torch.tensor([16f]), 0.5).item<float>()));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void A_batch_of_images_is_the_picked_ones_normalised(int channels, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var images = randint(0, 256, [7, 5, 6, channels], uint8);
        var picks = torch.tensor([6L, 0, 0, 3]);
        var (mean, std) = (rand([channels]), rand([channels]) + 0.1);
        var batch = image_batch(images, picks, mean, std, channelsLast);
        var expected = (((images.index_select(0, picks).to(float32) / 255) - mean) / std).permute(0, 3, 1, 2);
        Assert.Equal([4, channels, 5, 6], batch.shape);
        Assert.True(batch.allclose(expected, 1e-5, 1e-5));
        Assert.True(batch.is_contiguous(channelsLast ? channels_last : contiguous_format));
        Assert.Contains("index 7 is none of the 7 images", Assert.Throws<TorchException>(() => image_batch(images, torch.tensor([7L]), mean, std, channelsLast)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_read_from_their_names()
    {
        Assert.Equal(CPU, device("cpu"));
        Assert.Equal("cuda:3", device("cuda:3").ToString());
        Assert.Equal(cuda.is_available() ? CUDA : CPU, device("auto"));
        Assert.False(!cuda.is_available() && cuda.is_bf16_supported());
        backends.cudnn.benchmark = true;
        Assert.True(backends.cudnn.benchmark);
        backends.cudnn.benchmark = false;
    }
}
