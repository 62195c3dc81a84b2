using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class IdxTests
{
    private static readonly byte[] Images = SampleData.Idx(new byte[12 * 12], 12, 4, 3);

    public static TheoryData<string, byte[], string> BadImages => new()
    {
        { "one byte", [0], "is truncated" },
        { "header only", Images[..10], "is truncated" },
        { "plain, cut", Images[..^1], "is truncated: it ends before the values that its header announces" },
        { "zipped, cut inside", SampleData.Gzip(Images[..^1]), "is truncated" },
        { "zip stream cut", SampleData.Gzip(Images)[..^16], "is truncated" },
        { "zip stream damaged", Damaged(SampleData.Gzip(Images)), "" },
        { "too long", [.. Images, 0], "goes on after the 144 values" },
        { "another format", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4], "is no IDX file: it begins with 89504E47, expected is 00000803" },
        { "floats", [0, 0, 0x0D, 3, .. Images[4..]], "holds values of type 0x0D in 3 dimension(s)" },
        { "labels as images", SampleData.Idx(new byte[12], 12), "in 1 dimension(s), expected are unsigned bytes in 3" },
        { "far too short", SampleData.Idx([1], 12, 4, 3), "is truncated or damaged: its header announces 12×4×3 values" },
        { "absurd size", SampleData.Gzip(SampleData.Idx([], int.MaxValue, int.MaxValue, 9)), "more than the file can hold" },
        { "negative size", SampleData.Idx([], -1, 4, 3), "as its dimension 0: at least 1 is expected" },
        { "other image size", SampleData.Idx(new byte[12 * 12], 12, 3, 4), "has images of 3×4×1, the manifest declares 4×3×1" },
        { "another count", SampleData.Idx(new byte[11 * 12], 11, 4, 3), "do not belong together" },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public void A_bad_image_file_is_named_with_what_is_wrong(string what, byte[] bytes, string reason)
    {
        var message = LoadFailure(folder => File.WriteAllBytes(Path.Combine(folder, "train-images"), bytes));
        Assert.True(message.Contains(reason, StringComparison.Ordinal), $"{what}: {message}");
        Assert.Contains("train-images", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_label_without_a_class_is_named_with_its_position()
    {
        var message = LoadFailure(folder => File.WriteAllBytes(Path.Combine(folder, "test-labels"), SampleData.Idx([0, 1, 2, 0, 3, 2], 6)));
        Assert.EndsWith("test-labels has the label 3 at position 4, the manifest has 3 classes (0 to 2)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_other_than_declared_are_refused()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"], train: 13));
        var error = Assert.Throws<DatasetException>(() => DatasetLoader.Load(manifest, SampleData.Options(folder)));
        Assert.Equal("sample has 12 train images, its manifest declares 13: correct $.splits or the files", error.Message);
    }

    private static string LoadFailure(Action<string> damage)
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        damage(folder["data"]);
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"]));
        var error = Assert.Throws<DatasetException>(() => DatasetLoader.Load(manifest, SampleData.Options(folder)));
        Assert.DoesNotContain(Directory.EnumerateDirectories(folder["cache"], "*", SearchOption.AllDirectories), entry => entry.EndsWith(".part", StringComparison.Ordinal));
        return error.Message;
    }

    private static byte[] Damaged(byte[] bytes)
    {
        bytes[12] ^= 0xFF;
        return bytes;
    }
}
