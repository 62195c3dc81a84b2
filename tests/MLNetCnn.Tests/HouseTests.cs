using System.Text.RegularExpressions;

using MLNetCnn.Inference;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests;

/// <summary>The floors of the house, as CONTRIBUTING.md has them: nothing reaches upward.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] All = ["Pipelines", "Data", "Architectures", "Weights", "Augmentation", "Transfer", "Training", "Evaluation", "Export", "Runs", "Studies", "AutoML", "Reports"];

    [Theory]
    [InlineData("Pipelines", "Evaluation")]
    [InlineData("Data", "")]
    [InlineData("Architectures", "")]
    [InlineData("Weights", "Data Architectures")]
    [InlineData("Augmentation", "Data")]
    [InlineData("Evaluation", "Data Architectures")]
    [InlineData("Export", "Data Evaluation")]
    [InlineData("Transfer", "Data Architectures Weights Augmentation Training")]
    [InlineData("Training", "Pipelines Data Architectures Weights Augmentation Transfer Evaluation Export Runs")]
    [InlineData("Runs", "Data Architectures Training Transfer Evaluation Export")]
    [InlineData("Studies", "Data Training Runs")]
    [InlineData("AutoML", "Data Architectures Augmentation Training Transfer Evaluation Export Runs")]
    public void A_folder_of_the_library_uses_only_those_below_it(string folder, string below)
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "src", "MLNetCnn", folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var allowed = below.Split(' ').Append(folder);
        Assert.Empty(from file in files
                     from use in Uses().Matches(File.ReadAllText(file))
                     let used = use.Groups[1].Value
                     where All.Contains(used) && !allowed.Contains(used)
                     select $"{Path.GetFileName(file)}: {use.Value}");
    }

    [Fact]
    public void A_service_needs_no_libtorch() =>
        Assert.DoesNotContain(typeof(ImageModel).Assembly.GetReferencedAssemblies(), assembly => assembly.Name is "MLNetCnn.Torch" or "MLNetCnn");

    [GeneratedRegex(@"^using (?:static )?MLNetCnn\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Uses();
}
