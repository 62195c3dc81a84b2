namespace MLNetCnn.Data;

/// <summary>A folder and all folders above it, nearest first.</summary>
internal static class AncestorFolders
{
    public static IEnumerable<string> Of(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }
}
