namespace SecurityAudit.Inventory;

/// <summary>Whether an endpoint with a form asks for an antiforgery token.</summary>
internal enum Form
{
    /// <summary>It does.</summary>
    Asked,

    /// <summary>It does not.</summary>
    NotAsked,

    /// <summary>Razor Pages ask, unless a page says otherwise, which is known when it is asked for first.</summary>
    Page,
}
