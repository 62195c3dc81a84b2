using MLNetCnn.Testing;
using MLNetCnn.Torch.Interop;

namespace MLNetCnn.Torch.Tests;

public class ErrorTests
{
    [Fact]
    public void An_error_is_libtorchs_sentence_without_its_backtrace()
    {
        using var scope = NewDisposeScope();
        var message = Assert.Throws<TorchException>(() => ones([2, 3]).matmul(ones([2, 3]))).Message;
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", message);
        Assert.Contains("can't be read as Int64", Assert.Throws<TorchException>(() => ones([2]).ToArray<long>()).Message, StringComparison.Ordinal);
        Assert.Contains("contiguous", Assert.Throws<TorchException>(() => ones([2, 3]).t().data<float>()).Message, StringComparison.Ordinal);
        Assert.Contains("cpu, cuda, cuda:N or auto", Assert.Throws<ArgumentException>(() => device("gpu")).Message, StringComparison.Ordinal);
        Assert.Contains("which holds 4", Assert.Throws<ArgumentException>(() => torch.tensor([1f, 2, 3], [2, 2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_never_read()
    {
        using var scope = NewDisposeScope();
        foreach (var bias in new[] { zeros([1]), zeros([31]), zeros([32, 1]) })
        {
            Assert.Throws<TorchException>(() => nn.functional.conv2d(rand([2, 1, 8, 8]), rand([32, 1, 3, 3]), bias));
            Assert.Throws<TorchException>(() => nn.functional.conv_transpose2d(rand([2, 1, 8, 8]), rand([1, 32, 3, 3]), bias));
        }

        using var layer = nn.Linear(4, 10);
        Assert.Contains("does not fit", Assert.Throws<TorchException>(() => layer.bias!.grad = zeros([5])).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => jit.optimize_for_inference(layer, zeros([1, 4]), ScalarType.Float64, CPU));
    }

    [Fact]
    public void A_missing_library_is_named_in_one_line_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder["libmlnetcnn_torch.so"]} is missing: build MLNetCnn.Torch, or copy the library beside the assembly", Fails(folder["libmlnetcnn_torch.so"]));

        File.WriteAllText(folder["libbroken.so"], "no library");
        var broken = Fails(folder["libbroken.so"]);
        Assert.DoesNotContain('\n', broken);
        Assert.StartsWith("libtorch can't be loaded: install it (apt-get install libtorch-dev)", broken, StringComparison.Ordinal);

        static string Fails(string path) => Assert.Throws<TorchException>(() => NativeLibraryLoader.Load(path)).Message;
    }

    [Fact]
    public void A_library_built_for_another_libtorch_says_so()
    {
        const string NotThere = "Unable to load shared library 'x' or one of its dependencies.\nlibtorch.so.1.13: cannot open shared object file: No such file or directory\nlib.so: cannot open\n";
        var message = NativeLibraryLoader.Explain("/a/libmlnetcnn_torch.so", NotThere);
        Assert.DoesNotContain('\n', message);
        Assert.Contains("apt-get install libtorch-dev", message, StringComparison.Ordinal);
        Assert.Contains("libtorch.so.1.13: cannot open shared object file", message, StringComparison.Ordinal);
        Assert.Contains("build again", NativeLibraryLoader.Explain("/a/libmlnetcnn_torch.so", "/a/libmlnetcnn_torch.so: undefined symbol: _ZN2at4_ops"), StringComparison.Ordinal);
    }
}
