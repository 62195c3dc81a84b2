namespace MLNetCnn.Testing;

/// <summary>Tells a machine without a network from a failure of ours.</summary>
public static class Offline
{
    // What npm and NuGet say without a network, and what is said without npm.
    private static readonly string[] Signs = ["ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ENETUNREACH", "NU1301", "is not installed"];

    /// <summary>Whether a message is such a machine's.</summary>
    public static bool IsSaidBy(string message) => Signs.Any(sign => message.Contains(sign, StringComparison.Ordinal));
}
