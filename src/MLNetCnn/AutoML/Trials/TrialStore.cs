using Npgsql;

namespace MLNetCnn.AutoML;

/// <summary>Opens trial stores.</summary>
public static class TrialStore
{
    /// <summary>Opens a store, making it where there is none.</summary>
    /// <param name="location">
    /// The path of a SQLite file, or a PostgreSQL database as <c>postgresql://user:password@host:port/database</c> or as Npgsql's
    /// <c>Host=…;Database=…</c>.
    /// </param>
    /// <param name="time">Where the time comes from; by default the system's clock.</param>
    /// <exception cref="ConfigurationException">The location is not of these forms.</exception>
    /// <exception cref="TrialStoreException">It can't be opened, or holds something else.</exception>
    public static ITrialStore Open(string location, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        try
        {
            return location switch
            {
                _ when string.IsNullOrWhiteSpace(location) => throw new ConfigurationException("no trial store is named: give a file, or postgresql://user@host/database"),
                _ when IsUri(location) => new PostgreSqlTrialStore(FromUri(location), time),
                _ when IsConnectionString(location) => new PostgreSqlTrialStore(new NpgsqlConnectionStringBuilder(location), time),
                _ when location.Contains("://", StringComparison.Ordinal) => throw new ConfigurationException($"the trial store '{Redacted(location)}' is of no kind that is known: give a file, or postgresql://user@host/database"),
                _ => new SqliteTrialStore(Path.GetFullPath(location), time),
            };
        }
        catch (Exception error) when (error is UriFormatException or ArgumentException and not ConfigurationException)
        {
            throw new ConfigurationException($"the trial store '{Redacted(location)}' is not of the form postgresql://user:password@host:port/database: {error.Message}");
        }
    }

    /// <summary>Whether a location is a file's, and no server's.</summary>
    /// <param name="location">A file, or where a server is.</param>
    public static bool IsFile(string location) => !IsUri(location) && !IsConnectionString(location);

    /// <summary>A location as messages show it: without the user and the password of a server.</summary>
    /// <param name="location">A file, or where a server is.</param>
    public static string Describe(string location) => IsFile(location) ? location : Redacted(location);

    private static bool IsUri(string location) =>
        location.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static bool IsConnectionString(string location) => location.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder FromUri(string location)
    {
        var uri = new Uri(location);
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            // Npgsql's names have spaces where libpq's have underscores.
            builder[Uri.UnescapeDataString(pair[0]).Replace('_', ' ')] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : throw new ArgumentException($"'{pair[0]}' has no value");
        }

        return builder;
    }

    // Passwords are not for error messages.
    private static string Redacted(string location)
    {
        if (location.Contains("Host=", StringComparison.OrdinalIgnoreCase))
        {
            return "Host=…";
        }

        var address = location.Split('?')[0];
        return $"…{address[Math.Max(0, address.LastIndexOf('@'))..]}";
    }
}
