using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MLNetCnn.Inference.Tests;
using MLNetCnn.Testing;

namespace MLNetCnn.Serving.Tests;

/// <summary>The packages as a user has them: packed, restored from a folder, built into the sample service and called.</summary>
public sealed partial class PackageTests : IDisposable
{
    private static readonly string[] Packages = ["MLNetCnn.Imaging", "MLNetCnn.Inference", "MLNetCnn.Serving"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_service_of_one_package_and_two_lines_answers_without_libtorch()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var projects = Packages.Select(package => Path.Combine(SharedData.RepositoryRoot, "src", package, $"{package}.csproj"));
        await File.WriteAllTextAsync(
            _folder["pack.proj"],
            $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{string.Join(';', projects)}" Targets="Pack" Properties="NoBuild=true;Configuration={configuration};PackageOutputPath={_folder["feed"]}" />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        await Dotnet("msbuild", _folder["pack.proj"], "-t:Pack");

        var sample = Directory.CreateDirectory(_folder["service"]).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "samples", "ImageService")))
        {
            File.Copy(file, Path.Combine(sample, Path.GetFileName(file)));
        }

        // A cache of its own: an earlier 0.1.0 of ours may be in the user's, which still gives what others published.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(cache);
        Directory.CreateDirectory(_folder["others"]);
        foreach (var package in Directory.GetDirectories(cache).Where(package => !Path.GetFileName(package).StartsWith("mlnetcnn", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder["others"], Path.GetFileName(package)), package);
        }

        await File.WriteAllTextAsync(
            Path.Combine(sample, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder["packages"]}" /></config>
              <fallbackPackageFolders><add key="user" value="{_folder["others"]}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="{_folder["feed"]}" /></packageSources>
            </configuration>
            """,
            TestContext.Current.CancellationToken);
        await Dotnet("build", sample, "-c", "Release", "-o", _folder["bin"]);
        var built = Directory.GetFiles(_folder["bin"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["bin"], file)).ToList();
        Assert.Contains("runtimes/linux-x64/native/libmlnetcnn_imaging.so", built);
        Assert.Contains("runtimes/linux-x64/native/libonnxruntime.so", built);
        Assert.DoesNotContain(built, file => file.Contains("torch", StringComparison.OrdinalIgnoreCase));

        TestModel.Package.Save(_folder["shop.zip"]);
        using var service = Process.Start(new ProcessStartInfo(_folder["bin/ImageService"], ["--model", _folder["shop.zip"], "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = "";
            while (address.Length == 0)
            {
                address = Listening().Match(await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("the sample ended")).Groups[1].Value;
            }

            await CallAsync(new Uri(address));
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task CallAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        for (var deadline = DateTime.UtcNow.AddSeconds(60); (await client.GetAsync("health/ready")).StatusCode != HttpStatusCode.OK;)
        {
            Assert.True(DateTime.UtcNow < deadline, "not ready within a minute");
            await Task.Delay(50);
        }

        var images = TestModel.Cases[1];
        var expected = images.Expected(0);
        var label = TestModel.Labels[expected.AsSpan().IndexOf(expected.Max())];
        using var answer = await client.PostAsync("v1/models/shop/predict", Service.Content(images.Png));
        var prediction = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["predictions"]![0]!;
        Assert.Equal(label, (string)prediction["label"]!);
        Assert.Equal(expected.Max(), (float)prediction["probability"]!, 1e-4);
        using var own = await client.PostAsync("names", Service.Content(images.Png));
        Assert.StartsWith(label, await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task Dotnet(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [.. arguments, "-v", "quiet", "-nodeReuse:false"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{await output}{await error}");
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Listening();
}
