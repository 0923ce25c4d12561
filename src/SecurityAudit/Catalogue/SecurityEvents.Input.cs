using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Uploads, input, malice.</content>
public static partial class SecurityEvents
{
    /// <summary>A file was uploaded.</summary>
    public static SecurityEvent UploadComplete(string file, string contentType) =>
        Make("upload_complete", Info, Files, e => Words.Did(e, $"uploaded {File(e)} of the type {Words.Field(e, EventFields.FileMimeType)}", $"upload {File(e)}"), "creation")
            .With(EventFields.FileName, file).With(EventFields.FileMimeType, contentType);

    /// <summary>An uploaded file was put in its place.</summary>
    public static SecurityEvent UploadStored(string file, string from, string to) =>
        Make("upload_stored", Info, Files, e => Words.Did(
            e, $"moved {File(e)} from {Words.Attribute(e, "from")} to {Words.Attribute(e, "to")}",
            $"move {File(e)} from {Words.Attribute(e, "from")} to {Words.Attribute(e, "to")}"), "creation")
            .With(EventFields.FileName, file).WithAttribute("from", from).WithAttribute("to", to);

    /// <summary>An uploaded file was checked; a failed check is critical.</summary>
    public static SecurityEvent UploadValidation(string file, string check, bool passed) =>
        (passed ? Make("upload_validation", Info, Files, Validated, "info") : Failed("upload_validation", Critical, Files, Validated, "info"))
            .With(EventFields.FileName, file).WithAttribute("check", check);

    /// <summary>An uploaded file was deleted.</summary>
    public static SecurityEvent UploadDelete(string file) =>
        Make("upload_delete", Info, Files, e => Words.Did(e, $"deleted {File(e)}", $"delete {File(e)}"), "deletion").With(EventFields.FileName, file);

    /// <summary>Input was refused.</summary>
    public static SecurityEvent InputValidationFail(params ImmutableArray<string> inputs) =>
        Failed(
            "input_validation_fail", Warn, Web,
            e => $"{Words.Who(e)} sent input that was refused in {Words.List(Words.Fields(e, EventFields.Inputs))}{Words.Because(e)}.", "error")
            .With(EventFields.Inputs, inputs);

    /// <summary>Input was outside a list of choices that the page offers: a sign of tampering.</summary>
    public static SecurityEvent InputValidationDiscreteFail(string input) =>
        Failed(
            "input_validation_discrete_fail", Warn, Web,
            e => $"{Words.Who(e)} sent a choice that {Words.List(Words.Fields(e, EventFields.Inputs))} does not offer{Words.Because(e)}.", "error")
            .With(EventFields.Inputs, ImmutableArray.Create(input));

    /// <summary>The server refused a request by itself (extension): it is malformed, too large or too slow.</summary>
    /// <param name="part">The part of the request that it refused, <c>headers</c> say.</param>
    public static SecurityEvent HttpRequestRejected(string part) =>
        Failed("http_request_rejected", null, Web, e => $"The server refused a request{Words.Because(e)}.", "error")
            .With(EventFields.Inputs, ImmutableArray.Create(part));

    /// <summary>Too many requests for what does not exist.</summary>
    public static SecurityEvent MaliciousExcess404() =>
        Malicious("malicious_excess_404", Warn, e => $"{Words.Who(e)} asked for too many addresses that do not exist{Words.Because(e)}.");

    /// <summary>Input that the page does not have.</summary>
    public static SecurityEvent MaliciousExtraneous(string input) =>
        Malicious(
            "malicious_extraneous", Critical,
            e => $"{Words.Who(e)} sent {Words.List(Words.Fields(e, EventFields.Inputs))}, which the page does not have{Words.Because(e)}.")
            .With(EventFields.Inputs, ImmutableArray.Create(input));

    /// <summary>A known attack tool.</summary>
    public static SecurityEvent MaliciousAttackTool(string tool) =>
        Malicious("malicious_attack_tool", Critical, e => $"{Words.Who(e)} came with the attack tool {Words.Attribute(e, "tool")}{Words.Because(e)}.").WithAttribute("tool", tool);

    /// <summary>An attempt at SQL injection. Give the parameter's name, not its value.</summary>
    public static SecurityEvent MaliciousSqli(string parameter) =>
        Malicious(
            "malicious_sqli", Critical,
            e => $"{Words.Who(e)} tried an SQL injection through {Words.List(Words.Fields(e, EventFields.Inputs))}{Words.Because(e)}.")
            .With(EventFields.Inputs, ImmutableArray.Create(parameter));

    /// <summary>A request from an origin that is not allowed.</summary>
    public static SecurityEvent MaliciousCors(string origin) =>
        Malicious(
            "malicious_cors", Critical,
            e => $"{Words.Who(e)} sent a request from the origin {Words.Attribute(e, "origin")}, which is not allowed{Words.Because(e)}.")
            .WithAttribute("origin", origin);

    /// <summary>An attempt to reach somebody else's object.</summary>
    public static SecurityEvent MaliciousDirectReference(string subject) =>
        Malicious(
            "malicious_direct_reference", Critical,
            e => $"{Words.Who(e)} tried to reach {Words.Attribute(e, "object")}, which belongs to somebody else{Words.Because(e)}.")
            .WithAttribute("object", subject);

    /// <summary>A request without a valid antiforgery token.</summary>
    public static SecurityEvent MaliciousCsrf(string reason) =>
        Malicious("malicious_csrf", Warn, e => $"{Words.Who(e)} sent a request without a valid antiforgery token{Words.Because(e)}.") with { Reason = reason };

    /// <summary>A browser reported a violation of the content security policy.</summary>
    public static SecurityEvent MaliciousCspViolation(string directive) =>
        Malicious(
            "malicious_csp_violation", Warn,
            e => $"A browser reported a violation of {Words.Attribute(e, "directive")} in the content security policy{Words.Because(e)}.")
            .WithAttribute("directive", directive);

    /// <summary>A prompt that tries to take over a model's tools.</summary>
    public static SecurityEvent McpPromptInjection(string tool) =>
        Malicious(
            "mcp_prompt_injection", Warn, e => $"{Words.Who(e)} tried to take over the tool {Words.Attribute(e, "tool")} with a prompt{Words.Because(e)}.")
            .WithAttribute("tool", tool);

    /// <summary>A model's tool was made to exhaust resources.</summary>
    public static SecurityEvent McpResourceExhaustion(string tool) =>
        Malicious("mcp_resource_exhaustion", Warn, e => $"{Words.Who(e)} made the tool {Words.Attribute(e, "tool")} exhaust its resources{Words.Because(e)}.")
            .WithAttribute("tool", tool);

    /// <summary>A model's tool was replaced or its description altered.</summary>
    public static SecurityEvent McpToolPoisoning(string tool) =>
        Malicious("mcp_tool_poisoning", Warn, e => $"The tool {Words.Attribute(e, "tool")} was replaced, or its description altered{Words.Because(e)}.")
            .WithAttribute("tool", tool);

    /// <summary>Somebody was sent to another host, or would have been, because an input of the request says so (extension).</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="host">The other host, without the rest of the address.</param>
    public static SecurityEvent OpenRedirect(string input, string host) =>
        Malicious(
            "open_redirect", null,
            e => $"{Words.Who(e)} {(e.Outcome == EventOutcome.Failure ? "asked to be" : "was")} sent to the host {Words.Attribute(e, "host")} through "
                + $"{Words.List(Words.Fields(e, EventFields.Inputs))}{Words.Because(e)}.")
            .With(EventFields.Inputs, ImmutableArray.Create(input)).WithAttribute("host", host) with { Severity = EventSeverity.Medium };

    /// <summary>A honeytoken was touched (extension): nobody has a reason to.</summary>
    public static SecurityEvent HoneytokenUsed(string token) =>
        Malicious("honeytoken_used", null, e => $"{Words.Who(e)} touched a honeytoken{Words.Because(e)}.").WithAttribute("token", token) with { Severity = EventSeverity.Critical };

    private static SecurityEvent Malicious(string action, string? level, Func<SecurityEvent, string> sentence) => Failed(action, level, Attack, sentence, "info");

    private static string File(SecurityEvent e) => $"the file {Words.Field(e, EventFields.FileName)}";

    private static string Validated(SecurityEvent e) =>
        $"The uploaded file {Words.Field(e, EventFields.FileName)} {(e.Outcome == EventOutcome.Success ? "passed" : "did not pass")} the check "
        + $"{Words.Attribute(e, "check")}{Words.Because(e)}.";
}
