using Xunit;

namespace MLNetCnn.Testing;

/// <summary>The real photographs that some tests use: the folder <c>../shared/data</c> beside the checkout, where there is one.</summary>
public static class SharedData
{
    /// <summary>The folder, or null on a machine without it.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of <paramref name="name"/>; skips the running test, with the reason, on a machine without the folder.</summary>
    public static string Require(string name)
    {
        var path = Folder is null ? null : Path.Combine(Folder, name);
        Assert.SkipUnless(path is not null && Path.Exists(path), $"needs ../shared/data/{name} beside the checkout");
        return path!;
    }

    /// <summary>The root of the checkout that the tests were built from.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNetCnn.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("no MLNetCnn.sln above " + AppContext.BaseDirectory);
    }

    private static string? Find()
    {
        var folder = Path.GetFullPath(Path.Combine(FindRoot(), "..", "shared", "data"));
        return Directory.Exists(folder) ? folder : null;
    }
}
